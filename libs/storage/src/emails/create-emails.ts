import type { DeliveryId, EmailClass, EmailId, Lane, Mode, TenantId, UnknownPolicy, Visibility } from '#domain';
import type { Queryable } from '../database.js';
import type { OutboxEvent } from '../outbox/outbox-event.js';
import { sqlFile } from '../sql-file.js';

export interface NewDelivery {
  readonly id: DeliveryId;
  readonly role: 'to' | 'cc' | 'bcc';
  /** As written: `Name <a@b.c>`. */
  readonly mailbox: string;
  readonly address: string;
  readonly recipientKey: string;
}

export interface NewEmail {
  readonly tenantId: TenantId;
  readonly id: EmailId;
  readonly class: EmailClass;
  readonly mode: Mode;
  readonly lane: Lane;
  readonly visibility: Visibility;
  readonly from: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly replyTo: readonly string[];
  readonly subject: string;
  readonly text: string | null;
  readonly html: string | null;
  /** null: now, by the clock of the database. */
  readonly scheduledAt: Date | null;
  readonly graceSeconds: number;
  readonly retryForSeconds: number;
  readonly onUnknown: UnknownPolicy;
  readonly ownerId: string | null;
  readonly deliveries: readonly NewDelivery[];
  readonly event: OutboxEvent;
}

/** Milliseconds since 1970, by the clock of the database. */
export interface CreatedEmail {
  readonly scheduledMs: number;
  readonly createdMs: number;
  readonly nowMs: number;
}

const statement = sqlFile('./create-emails.sql', import.meta.url);

/** Stores emails, copies, due rows and events in one statement; one answer each, in the order given. */
export async function createEmails(db: Queryable, emails: readonly NewEmail[]): Promise<CreatedEmail[]> {
  const values = [
    ...emailColumns(emails),
    ...deliveryColumns(emails),
    ...eventColumns(emails.map(({ event }) => event)),
  ];
  const { rows } = await db.query<{ id: EmailId; scheduled_ms: number; created_ms: number; now_ms: number }>({
    ...statement,
    values,
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return emails.map(({ id }) => {
    const row = byId.get(id);
    if (!row) throw new Error(`email ${id} was not stored`);
    return { scheduledMs: row.scheduled_ms, createdMs: row.created_ms, nowMs: row.now_ms };
  });
}

const emailColumns = (emails: readonly NewEmail[]): unknown[] => [
  emails.map((email) => email.tenantId),
  emails.map((email) => email.id),
  emails.map((email) => email.class),
  emails.map((email) => email.mode),
  emails.map((email) => email.visibility),
  emails.map((email) => email.from),
  emails.map((email) => JSON.stringify(email.to)),
  emails.map((email) => JSON.stringify(email.cc)),
  emails.map((email) => JSON.stringify(email.bcc)),
  emails.map((email) => JSON.stringify(email.replyTo)),
  emails.map((email) => email.subject),
  emails.map((email) => email.text),
  emails.map((email) => email.html),
  emails.map((email) => email.scheduledAt),
  emails.map((email) => email.graceSeconds),
  emails.map((email) => email.retryForSeconds),
  emails.map((email) => email.onUnknown),
  emails.map((email) => email.ownerId),
  emails.map((email) => email.deliveries.length),
];

function deliveryColumns(emails: readonly NewEmail[]): unknown[] {
  const copies = emails.flatMap((email) => email.deliveries.map((delivery) => ({ email, delivery })));
  return [
    copies.map(({ email }) => email.tenantId),
    copies.map(({ delivery }) => delivery.id),
    copies.map(({ email }) => email.id),
    copies.map(({ email }) => email.lane),
    copies.map(({ email }) => email.mode),
    copies.map(({ delivery }) => delivery.role),
    copies.map(({ delivery }) => delivery.mailbox),
    copies.map(({ delivery }) => delivery.address),
    copies.map(({ delivery }) => delivery.recipientKey),
    copies.map(({ email }) => email.scheduledAt),
  ];
}

const eventColumns = (events: readonly OutboxEvent[]): unknown[] => [
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
  events.map((event) => event.data),
];
