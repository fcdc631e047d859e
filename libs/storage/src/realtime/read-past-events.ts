import type { EventId, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

/** An event as it stands in the outbox. */
export interface PastEvent {
  readonly event_id: EventId;
  readonly type: string;
  /** JSON. */
  readonly data: string;
  /** RFC 3339. */
  readonly time: string;
}

const statement = sqlFile('./read-past-events.sql', import.meta.url);

/** Events by their place in the outbox; those that are too old to be kept are left out. */
export async function readPastEvents(
  db: Queryable,
  tenantId: TenantId,
  ids: readonly bigint[],
): Promise<Map<bigint, PastEvent>> {
  const values = [tenantId, ids.map(String)];
  const { rows } = await db.query<PastEvent & { id: string }>({ ...statement, values });
  return new Map(rows.map(({ id, ...event }) => [BigInt(id), event]));
}
