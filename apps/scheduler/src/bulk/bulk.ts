import { type JobId, publicId } from '#domain';
import { type Caller, emailListItem, invalid, type JobView, jobView } from '#http';
import { countEmails, createJob, getJob, listEmails, newId, type Queryable, readNow } from '#storage';
import { actorOf } from '../emails/change-of.js';
import { emailFilter } from '../emails/list-emails.js';
import { type BulkOrder, filterBefore } from './bulk-work.js';
import type { BulkPatch, BulkRequest } from './bulk.schema.js';
import { hopelessTimes } from './hopeless-times.js';

const SAMPLE = 10;

/** Bulk actions: seen beforehand, or stored as a job that whoever works on jobs does. */
export class Bulk {
  /** @param wake tells them that there is something to do */
  constructor(readonly wake: () => void) {}

  /** What an action would touch: how many emails, and the newest of them. */
  async preview(tx: Queryable, caller: Caller, { filter, patch }: BulkRequest) {
    refuseHopeless(patch, await readNow(tx));
    const wanted = emailFilter(filter);
    const matched = await countEmails(tx, caller, wanted);
    const { rows } = await listEmails(tx, caller, wanted, { limit: SAMPLE, bodies: false });
    return { matched, sample: rows.map(emailListItem) };
  }

  async start(
    tx: Queryable,
    caller: Caller,
    { action, filter, patch }: BulkRequest,
  ): Promise<{ readonly jobId: JobId; readonly view: JobView }> {
    const { tenantId, mode } = caller;
    const id = newId<JobId>();
    const now = await readNow(tx);
    refuseHopeless(patch, now);
    const createdBefore = Math.ceil(now) + 1;
    const work: BulkOrder = { action, filter, patch: patch ?? null, createdBefore };
    const total = await countEmails(tx, caller, filterBefore(filter, createdBefore));
    const result = { cancelled: 0, alreadySent: 0, inFlight: 0 };
    const about = { tenantId, id, mode, ownerId: filter.ownerId ?? null, actor: actorOf(caller) };
    await createJob(tx, { ...about, kind: 'bulk', rows: { work, total, result } });
    const job = await getJob(tx, caller, id);
    if (!job) throw new Error(`${publicId('job', id)} was not stored`);
    return { jobId: id, view: jobView(job) };
  }
}

/** Throws `validation_failed`: told at once, not by a job that changes nothing. */
function refuseHopeless(patch: BulkPatch | undefined, now: number): void {
  const errors = hopelessTimes(patch ?? {}, now);
  if (errors.length > 0) throw invalid(errors);
}
