import { type DeadLetterId, type EventId, type Mode, publicId, type TenantId } from '#domain';
import { deadLetterAddedV1 } from '#events';
import type { Queryable } from '../database.js';
import { newId } from '../new-id.js';
import { sqlFile } from '../sql-file.js';

/** A record of one of our topics that nobody could process. */
export interface UnreadableRecord {
  /** `unreadable`, `invalid`, `unknown_type`, `crash_loop`: interface 5. */
  readonly reason: string;
  readonly error: string;
  readonly topic: string;
  readonly partition: number;
  /** As Kafka has it: a whole number. */
  readonly offset: string;
  /** Milliseconds since 1970, as Kafka has it. A topic that was made anew has the same offsets at other times. */
  readonly timestamp: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly key: Buffer | null;
  readonly payload: Buffer | null;
  /** The consumer's process: `sender`. */
  readonly source: string;
}

const statement = sqlFile('./store-record.sql', import.meta.url);
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const isMode = (text: string | undefined): text is Mode => text === 'live' || text === 'test';

/**
 * Keeps the record as a dead letter and tells of it; the same record again changes nothing. The id of its row; undefined
 * where there is no tenant yet, which could see it.
 */
export async function storeRecordDeadLetter(
  db: Queryable,
  record: UnreadableRecord,
): Promise<DeadLetterId | undefined> {
  const id = newId<DeadLetterId>();
  const tenant = record.headers['ce_tenantid'];
  const mode = record.headers['ce_mode'];
  const data = {
    deadLetterId: publicId('dead_letter', id),
    kind: 'record',
    reason: record.reason,
    deliveryId: null,
    emailId: null,
    jobId: null,
    attempts: 1,
  } satisfies Omit<(typeof deadLetterAddedV1)['data']['_output'], 'at'>;
  const values = [
    id,
    tenant !== undefined && UUID.test(tenant) ? (tenant as TenantId) : null,
    isMode(mode) ? mode : null,
    record.reason,
    storable(record.error),
    record.topic,
    record.partition,
    record.offset,
    record.timestamp,
    storable(JSON.stringify(record.headers)),
    record.key,
    record.payload,
    newId<EventId>(),
    data.deadLetterId,
    deadLetterAddedV1.topic.name,
    deadLetterAddedV1.type,
    record.source,
    JSON.stringify(data),
  ];
  const { rows } = await db.query<{ id: DeadLetterId }>({ ...statement, values });
  return rows[0]?.id;
}

/** What came in a record may be anything; Postgres takes no NUL and no half characters. */
const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd');
