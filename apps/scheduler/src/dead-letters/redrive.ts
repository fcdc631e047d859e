import { type DeadLetterId, type JobId, publicId } from '#domain';
import { type Caller, deadLetterListItem, type JobView, jobView } from '#http';
import {
  countDeadLetters,
  createJob,
  type DeadLetterFilter,
  type DeadLetterRow,
  getJob,
  listDeadLetters,
  newId,
  type Queryable,
  readDeadLetters,
  readNow,
} from '#storage';
import { actorOf } from '../emails/change-of.js';
import type { RedriveRefusal, RedriveRequest } from './dead-letter.schema.js';
import { deadLetterFilter } from './list-dead-letters.js';
import { judgeLetters } from './redrive-letters.js';
import type { RedriveOrder } from './redrive-work.js';

const SAMPLE = 10;
const JUDGED = 1_000;
const NAMED = 100;

/** What a dry run answers. */
export interface RedrivePreview {
  readonly matched: number;
  readonly byReason: Readonly<Record<string, number>>;
  readonly blocked: readonly { readonly id: string; readonly why: RedriveRefusal }[];
  readonly sample: readonly object[];
}

/** Sends dead letters again: seen beforehand, or stored as a job that whoever works on jobs does. */
export class Redrive {
  /** @param wake tells them that there is something to do */
  constructor(readonly wake: () => void) {}

  /** What a redrive would touch and what it would leave; nothing is locked or changed. */
  async preview(tx: Queryable, caller: Caller, { ids, filter }: RedriveRequest): Promise<RedrivePreview> {
    if (ids) {
      const wanted = [...new Set(ids)];
      const letters = await readDeadLetters(tx, caller, wanted, { payloads: false });
      const missing = wanted.filter((id) => letters.every((letter) => letter.id !== id));
      return previewOf(tx, caller, newestFirst(letters), countOf(letters), missing);
    }
    const wanted = openByDefault(filter);
    const { rows } = await listDeadLetters(tx, caller, wanted, { limit: JUDGED });
    return previewOf(tx, caller, rows, await countDeadLetters(tx, caller, wanted), []);
  }

  async start(
    tx: Queryable,
    caller: Caller,
    request: RedriveRequest,
  ): Promise<{ readonly jobId: JobId; readonly view: JobView }> {
    const { tenantId, mode } = caller;
    const id = newId<JobId>();
    const { work, total } = await orderOf(tx, caller, request);
    const about = { tenantId, id, mode, ownerId: null, actor: actorOf(caller) };
    await createJob(tx, { ...about, kind: 'redrive', rows: { work, total, result: { redriven: 0 } } });
    const job = await getJob(tx, caller, id);
    if (!job) throw new Error(`${publicId('job', id)} was not stored`);
    return { jobId: id, view: jobView(job) };
  }
}

/** A filter that names no states means what is still open. */
const openByDefault = (filter: RedriveRequest['filter']): DeadLetterFilter => {
  const { all: _, ...wish } = filter ?? {};
  return deadLetterFilter({ ...wish, status: wish.status ?? ['open'] });
};

async function orderOf(
  tx: Queryable,
  caller: Caller,
  { ids, filter }: RedriveRequest,
): Promise<{ readonly work: RedriveOrder; readonly total: number }> {
  if (ids) {
    const wanted = [...new Set(ids)];
    return { work: { kind: 'ids', ids: wanted }, total: wanted.length };
  }
  const { createdFrom, createdBefore, ...rest } = openByDefault(filter);
  const now = Math.ceil(await readNow(tx)) + 1;
  const before = Math.min(createdBefore?.getTime() ?? now, now);
  const found = await countDeadLetters(tx, caller, { ...rest, createdFrom, createdBefore: new Date(before) });
  return {
    work: {
      kind: 'filter',
      filter: { ...rest, createdFrom: createdFrom?.getTime() ?? null, createdBefore: before },
    },
    total: sum(found),
  };
}

async function previewOf(
  tx: Queryable,
  caller: Caller,
  letters: readonly DeadLetterRow[],
  byReason: ReadonlyMap<string, number>,
  missing: readonly DeadLetterId[],
): Promise<RedrivePreview> {
  const judged = await judgeLetters(tx, caller, letters);
  const refused = [...judged].flatMap(([id, why]) => (why === null ? [] : [{ id, why }]));
  const unknown = missing.map((id) => ({ id, why: 'not_found' as const }));
  return {
    matched: sum(byReason),
    byReason: Object.fromEntries(byReason),
    blocked: [...unknown, ...refused].slice(0, NAMED).map(({ id, why }) => ({ id: publicId('dead_letter', id), why })),
    sample: letters.slice(0, SAMPLE).map(deadLetterListItem),
  };
}

const newestFirst = (letters: readonly DeadLetterRow[]): DeadLetterRow[] =>
  letters.toSorted((one, other) => (one.id < other.id ? 1 : -1));

function countOf(letters: readonly DeadLetterRow[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { reason } of letters) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return counts;
}

const sum = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((all, count) => all + count, 0);
