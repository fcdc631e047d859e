import type { DeliveryId, Lane, TenantId } from '#domain';
import type { Queryable, Transactional } from '../database.js';
import { appendOutbox } from '../outbox/append-outbox.js';
import { type Claim, inLockOrder } from '../deliveries/claim.js';
import { sqlFile } from '../sql-file.js';
import { type EndedCopy, endedEvents } from './ended-copy.js';

/** How far the walk over what is due came: the next stretch begins behind it. Times as text, to the microsecond. */
export interface LatePlace {
  readonly dueAt: string;
  readonly id: string;
}

export const FROM_THE_OLDEST: LatePlace = { dueAt: '-infinity', id: '00000000-0000-0000-0000-000000000000' };

/** What one stretch came to. */
export interface LateStretch {
  readonly ended: readonly EndedCopy[];
  /** null: this was the last stretch. */
  readonly next: LatePlace | null;
}

interface Found {
  walked: number;
  last_due_at: string | null;
  last_id: string | null;
  tenants: TenantId[];
  ids: DeliveryId[];
}

const findStatement = sqlFile('./find-late.sql', import.meta.url);
const endStatement = sqlFile('./end-late.sql', import.meta.url);

/** Looks at a stretch of what has been due in a lane and ends what is too late to be sent, with its events. */
export async function endLate(db: Transactional, lane: Lane, after: LatePlace, rows: number): Promise<LateStretch> {
  const found = await db.query<Found>({ ...findStatement, values: [lane, after.dueAt, after.id, rows] });
  const [stretch] = found.rows;
  if (!stretch) return { ended: [], next: null };
  const { tenants, ids, walked, last_due_at: dueAt, last_id: id } = stretch;
  const late = inLockOrder(ids.map((one, i) => ({ tenantId: tenants[i] ?? ('' as TenantId), id: one, epoch: 0 })));
  const next = walked === rows && dueAt !== null && id !== null ? { dueAt, id } : null;
  if (late.length === 0) return { ended: [], next };
  return { ended: await db.transaction((tx) => endMissed(tx, late)), next };
}

/** Ends what is too late to be sent, or holds it where its email says so, with its events. @param late in the order of locks */
export async function endMissed(
  tx: Queryable,
  late: readonly Pick<Claim, 'tenantId' | 'id'>[],
): Promise<readonly EndedCopy[]> {
  if (late.length === 0) return [];
  const values = [late.map(({ tenantId }) => tenantId), late.map(({ id }) => id)];
  const { rows } = await tx.query<EndedCopy & Record<string, unknown>>({ ...endStatement, values });
  await appendOutbox(tx, endedEvents(rows));
  return rows;
}
