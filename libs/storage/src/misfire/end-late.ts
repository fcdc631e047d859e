import type { DeliveryId, Lane, TenantId } from '#domain';
import type { Transactional } from '../database.js';
import { appendOutbox } from '../outbox/append-outbox.js';
import { inLockOrder } from '../deliveries/claim.js';
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
  const ended = await db.transaction(async (tx) => {
    const values = [late.map(({ tenantId }) => tenantId), late.map((one) => one.id)];
    const { rows: copies } = await tx.query<EndedCopy & Record<string, unknown>>({ ...endStatement, values });
    await appendOutbox(tx, endedEvents(copies));
    return copies;
  });
  return { ended, next };
}
