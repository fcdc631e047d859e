import type { DeliveryId, EmailId, EventId, JobId, Mode, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

/** Where the relay is: a window of transaction ids, and how far it came in it. Numbers as text: they outgrow a double. */
export interface RelayCursor {
  readonly from_xid: string;
  readonly to_xid: string;
  readonly last_id: string;
  readonly version: string;
  /** Which cluster it publishes to; null: none yet. */
  readonly cluster: string | null;
  readonly acknowledged: Acknowledged;
}

/** The offset of the last record that brokers acknowledged: topic -> partition -> offset. */
export type Acknowledged = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** An event as the relay publishes it: `data` is text that nobody parses on the way. */
export interface OutboxRow {
  readonly id: string;
  readonly event_id: EventId;
  readonly tenant_id: TenantId;
  readonly mode: Mode;
  readonly topic: string;
  readonly key: string;
  readonly type: string;
  readonly event_version: number;
  readonly source: string;
  readonly email_id: EmailId | null;
  readonly delivery_id: DeliveryId | null;
  readonly job_id: JobId | null;
  /** Of the request that caused it, if it had one. */
  readonly traceparent: string | null;
  readonly data: string;
  /** RFC 3339. */
  readonly time: string;
}

const cursorStatement = sqlFile('./read-cursor.sql', import.meta.url);
const windowStatement = sqlFile('./read-window.sql', import.meta.url);
const nextStatement = sqlFile('./next-window.sql', import.meta.url);
const advanceStatement = sqlFile('./advance-cursor.sql', import.meta.url);

export async function readCursor(db: Queryable): Promise<RelayCursor> {
  const { rows } = await db.query<RelayCursor>({ ...cursorStatement, values: [] });
  const [cursor] = rows;
  if (!cursor) throw new Error('relay_cursor has no row "outbox": the migrations did not run');
  return cursor;
}

/** The next rows of the window in order; fewer than `limit`: the window is done. */
export async function readWindow(db: Queryable, cursor: RelayCursor, limit: number): Promise<OutboxRow[]> {
  const values = [cursor.from_xid, cursor.to_xid, cursor.last_id, limit];
  const { rows } = await db.query<OutboxRow>({ ...windowStatement, values });
  return rows;
}

/** Opens the next window if there is anything new; always answers the cursor as it is now. */
export async function nextWindow(
  db: Queryable,
  cursor: RelayCursor,
): Promise<{ readonly cursor: RelayCursor; readonly opened: boolean }> {
  const { rows } = await db.query<RelayCursor & { opened: boolean }>({
    ...nextStatement,
    values: [cursor.version],
  });
  const [row] = rows;
  if (!row) throw new Error('relay_cursor has no row "outbox": the migrations did not run');
  const { opened, ...now } = row;
  return { cursor: now, opened };
}

/** Notes that everything up to `lastId` is published, and where; undefined when another relay moved the cursor. */
export async function advanceCursor(
  db: Queryable,
  cursor: RelayCursor,
  lastId: string,
  acknowledged: Acknowledged = cursor.acknowledged,
): Promise<RelayCursor | undefined> {
  const values = [cursor.version, lastId, JSON.stringify(acknowledged)];
  const { rows } = await db.query<{ version: string }>({ ...advanceStatement, values });
  return rows[0] && { ...cursor, last_id: lastId, version: rows[0].version, acknowledged };
}
