import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';
import type { OutboxEvent } from './outbox-event.js';

const statement = sqlFile('./append-outbox.sql', import.meta.url);

/** Stores events in the transaction of the change that they tell of. */
export async function appendOutbox(tx: Queryable, events: readonly OutboxEvent[]): Promise<void> {
  if (events.length === 0) return;
  const values = [
    events.map((event) => event.eventId),
    events.map((event) => event.tenantId),
    events.map((event) => event.mode),
    events.map((event) => event.topic),
    events.map((event) => event.key),
    events.map((event) => event.type),
    events.map((event) => event.eventVersion),
    events.map((event) => event.source),
    events.map((event) => event.actor),
    events.map((event) => event.emailId),
    events.map((event) => event.deliveryId),
    events.map((event) => event.version),
    events.map((event) => event.data),
    events.map((event) => event.jobId ?? null),
    events.map((event) => event.traceparent ?? null),
  ];
  await tx.query({ ...statement, values });
}
