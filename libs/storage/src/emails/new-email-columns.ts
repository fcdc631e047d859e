import { identity } from '../idempotency/idempotency.js';
import type { OutboxEvent } from '../outbox/outbox-event.js';
import { attachmentColumns, attachmentRow } from './attachments.js';
import type { NewEmail } from './new-email.js';

/** The parameters of `create-emails.sql`: an array a column. */
export const newEmailColumns = (emails: readonly NewEmail[]): unknown[] => [
  ...emailColumns(emails),
  ...deliveryColumns(emails),
  ...eventColumns(emails.map(({ event }) => event)),
  emails.map(({ keyed }) => keyed !== undefined),
  ...keyColumns(emails),
  emails.map(({ event }) => event.traceparent ?? null),
  ...furtherColumns(emails),
  ...attachmentColumns(emails),
  ...timeColumns(emails),
  emails.map(({ data }) => (data ? JSON.stringify(data) : null)),
];

/** In one order, so that two statements with the same keys wait for each other and never deadlock. */
function keyColumns(emails: readonly NewEmail[]): unknown[] {
  const keys = emails
    .flatMap(({ id, keyed }) => (keyed ? [{ id, ...keyed }] : []))
    .toSorted((a, b) => (identity(a) < identity(b) ? -1 : 1));
  return [
    keys.map(({ tenantId }) => tenantId),
    keys.map(({ mode }) => mode),
    keys.map(({ route }) => route),
    keys.map(({ key }) => key),
    keys.map(({ fingerprint }) => fingerprint),
    keys.map(({ id }) => id),
    keys.map(({ answer }) => answer.status),
    keys.map(({ answer }) => JSON.stringify(answer.headers)),
    keys.map(({ answer }) => answer.body),
    keys.map(({ clockToken }) => clockToken),
  ];
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

const furtherColumns = (emails: readonly NewEmail[]): unknown[] => [
  emails.map((email) => JSON.stringify(email.headers)),
  emails.map((email) => JSON.stringify(email.attachments.map(attachmentRow))),
  emails.map((email) => JSON.stringify(email.tags)),
  emails.map((email) => email.correlationKey),
  emails.map((email) => email.expiresAt),
  emails.map((email) => email.onMissed),
  emails.map((email) => email.jobId),
];

const timeColumns = (emails: readonly NewEmail[]): unknown[] => [
  emails.map(({ wish }) => (wish ? JSON.stringify(wish) : null)),
  emails.map(({ windows = [] }) => JSON.stringify(windows)),
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
    copies.map(({ email }) => email.opensAt ?? email.scheduledAt),
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
