import { type EmailId, type KeyId, type Mode, parsePublicId, type TenantId } from '#domain';
import type { Caller } from '#http';
import { type EmailFilter, listEmails, type LockedJob, type Queryable } from '#storage';
import { emailFilter } from '../emails/list-emails.js';
import type { Chunk, RowWork } from '../jobs/row-work.js';
import type { BulkAction, BulkFilter, BulkPatch } from './bulk.schema.js';
import type { ChangeRows } from './change-rows.js';

/** What a bulk job does, as its row keeps it. */
export interface BulkOrder {
  readonly action: BulkAction;
  readonly filter: BulkFilter;
  readonly patch: BulkPatch | null;
  /** Only emails that were there before it: milliseconds since 1970, by the clock of the database. */
  readonly createdBefore: number;
}

/** How each action changes emails. */
export type BulkCores = Readonly<Record<Exclude<BulkAction, 'update'>, ChangeRows>> & {
  readonly update: (patch: BulkPatch) => ChangeRows;
};

/** Emails of a chunk: few enough that their rows are not locked for long. */
const CHUNK = 100;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000' as EmailId;

/** Does the next emails of a bulk job, oldest first. */
export const bulkWork =
  (cores: BulkCores): RowWork =>
  async (tx, job) => {
    const order = job.work as BulkOrder; // our own words, read back
    const ids = await nextEmails(tx, job, order);
    const change = order.action === 'update' ? cores.update(order.patch ?? {}) : cores[order.action];
    const changed = ids.length === 0 ? NOTHING : await change(tx, callerOf(job), ids);
    const { ok, rejections, cancelled, alreadySent, inFlight } = changed;
    const chunk: Chunk = {
      position: ids.at(-1) ?? null,
      done: ids.length,
      ok,
      rejections,
      result: { cancelled, alreadySent, inFlight },
      isLast: ids.length < CHUNK,
    };
    return chunk;
  };

const NOTHING = { ok: 0, rejections: {}, cancelled: 0, alreadySent: 0, inFlight: 0 } as const;

async function nextEmails(
  tx: Queryable,
  { tenantId, mode, position }: LockedJob,
  { filter, createdBefore }: BulkOrder,
): Promise<EmailId[]> {
  const before = (position ?? BEFORE_ALL) as EmailId;
  const page = { limit: CHUNK, before, bodies: false };
  const { rows } = await listEmails(tx, { tenantId, mode }, filterBefore(filter, createdBefore), page);
  return rows.map(({ id }) => id).toReversed();
}

/** The filter, and of what it finds only what was there before an instant. */
export function filterBefore(filter: BulkFilter, createdBefore: number): EmailFilter {
  const asked = emailFilter(filter);
  const before = Math.min(createdBefore, asked.createdBefore?.getTime() ?? createdBefore);
  return { ...asked, createdBefore: new Date(before) };
}

/** Who asked for the job: its changes bear that name. */
const callerOf = ({ tenantId, mode, actor }: { tenantId: TenantId; mode: Mode; actor: string }): Caller => {
  const keyId: KeyId | undefined = parsePublicId('key', actor);
  return { tenantId, tenant: '', mode, keyId: keyId ?? null, scopes: [] };
};
