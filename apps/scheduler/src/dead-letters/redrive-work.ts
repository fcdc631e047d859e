import { type DeadLetterId, type KeyId, parsePublicId } from '#domain';
import type { Caller } from '#http';
import {
  type DeadLetterFilter,
  type DeadLetterRow,
  listDeadLetters,
  type LockedJob,
  type Queryable,
  readDeadLetters,
} from '#storage';
import type { Chunk, RowWork } from '../jobs/row-work.js';
import { redriveLetters } from './redrive-letters.js';

/** What a redrive does, as its job keeps it. */
export type RedriveOrder =
  | { readonly kind: 'ids'; readonly ids: readonly DeadLetterId[] }
  | { readonly kind: 'filter'; readonly filter: StoredFilter };

/** Instants in milliseconds since 1970. Only what was there before the job: what fails again is another dead letter. */
export interface StoredFilter extends Omit<DeadLetterFilter, 'createdFrom' | 'createdBefore'> {
  readonly createdFrom: number | null;
  readonly createdBefore: number;
}

/** Dead letters of a chunk: few enough that their deliveries are not locked for long. */
const CHUNK = 100;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000' as DeadLetterId;

/** Does the next dead letters of a redrive, oldest first. */
export const redriveWork: RowWork = async (tx, job) => {
  const order = job.work as RedriveOrder; // our own words, read back
  const ids = order.kind === 'ids' ? nextIds(job, order.ids) : await nextOf(tx, job, order.filter);
  const letters = await readDeadLetters(tx, job, ids, { payloads: false });
  return chunkOf(tx, job, ids, letters);
};

async function chunkOf(
  tx: Queryable,
  job: LockedJob,
  ids: readonly DeadLetterId[],
  letters: readonly DeadLetterRow[],
): Promise<Chunk> {
  const redriven = await redriveLetters(tx, callerOf(job), letters);
  const rejections: Record<string, number> = {};
  let ok = 0;
  for (const id of ids) {
    const refusal = redriven.has(id) ? redriven.get(id) : 'not_found';
    if (refusal) rejections[refusal] = (rejections[refusal] ?? 0) + 1;
    else ok += 1;
  }
  const isLast = ids.length < CHUNK;
  return { position: ids.at(-1) ?? null, done: ids.length, ok, rejections, result: { redriven: ok }, isLast };
}

const nextIds = ({ position }: LockedJob, ids: readonly DeadLetterId[]): DeadLetterId[] =>
  ids
    .toSorted()
    .filter((id) => position === null || id > position)
    .slice(0, CHUNK);

async function nextOf(tx: Queryable, job: LockedJob, stored: StoredFilter): Promise<DeadLetterId[]> {
  const filter: DeadLetterFilter = {
    ...stored,
    createdFrom: stored.createdFrom === null ? undefined : new Date(stored.createdFrom),
    createdBefore: new Date(stored.createdBefore),
  };
  const before = (job.position ?? BEFORE_ALL) as DeadLetterId;
  const { rows } = await listDeadLetters(tx, job, filter, { limit: CHUNK, before });
  return rows.map(({ id }) => id).toReversed();
}

/** Who asked for the job: what is sent again bears that name. */
const callerOf = ({ tenantId, mode, actor }: LockedJob): Caller => {
  const keyId: KeyId | undefined = parsePublicId('key', actor);
  return { tenantId, tenant: '', mode, keyId: keyId ?? null, scopes: [] };
};
