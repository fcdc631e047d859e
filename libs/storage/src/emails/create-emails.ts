import type {
  DeliveryId,
  EmailClass,
  EmailId,
  JobId,
  Lane,
  MissedPolicy,
  Mode,
  SendWindows,
  TenantId,
  UnknownPolicy,
  Visibility,
  Wish,
} from '#domain';
import type { Queryable } from '../database.js';
import type { OutboxEvent } from '../outbox/outbox-event.js';
import { attachmentColumns, attachmentRow, type NewAttachment } from './attachments.js';
import { findAnswers, identity, type KeyedAnswer, type StoredAnswer } from '../idempotency/idempotency.js';
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
  readonly headers: Readonly<Record<string, string>>;
  readonly attachments: readonly NewAttachment[];
  /** null: now, by the clock of the database. */
  readonly scheduledAt: Date | null;
  /** When its copies are due, where that is later: its windows open then. */
  readonly opensAt?: Date | null;
  /** As it was wished, where not as an instant. */
  readonly wish?: Wish | null;
  readonly windows?: SendWindows;
  /** What the placeholders of its content show; null: there are none, it is sent as it is written. */
  readonly data?: Readonly<Record<string, unknown>> | null;
  /** Nothing is sent from then on; null: never too late. */
  readonly expiresAt: Date | null;
  readonly graceSeconds: number;
  readonly onMissed: MissedPolicy;
  readonly retryForSeconds: number;
  readonly onUnknown: UnknownPolicy;
  readonly ownerId: string | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly correlationKey: string | null;
  /** The batch it comes in. */
  readonly jobId: JobId | null;
  readonly deliveries: readonly NewDelivery[];
  readonly event: OutboxEvent;
  /** The key of its request, with the answer to store; without one a repeat would be another email. */
  readonly keyed?: KeyedAnswer;
}

/** What became of a new email. Milliseconds since 1970, by the clock of the database. */
export type CreatedEmail =
  | {
      readonly kind: 'created';
      readonly scheduledMs: number;
      readonly createdMs: number;
      readonly nowMs: number;
      /** The body of the answer as stored for its key; null without one. */
      readonly body: string | null;
    }
  /** Its key had been used before; nothing was stored. */
  | { readonly kind: 'repeated'; readonly answer: StoredAnswer; readonly fingerprint: Buffer };

const statement = sqlFile('./create-emails.sql', import.meta.url);

/** Stores emails, copies, due rows, events and keys in one statement; one answer each, in the order given. */
export async function createEmails(db: Queryable, emails: readonly NewEmail[]): Promise<CreatedEmail[]> {
  const values = [
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
  const { rows } = await db.query<Row & Record<string, unknown>>({ ...statement, values });
  const byId = new Map(rows.map((row) => [row.id, row]));
  const repeated = await findRepeated(
    db,
    emails.filter(({ id }) => !byId.has(id)),
  );
  return emails.map(({ id }) => created(byId.get(id)) ?? repeated.get(id) ?? notStored(id));
}

interface Row {
  readonly id: EmailId;
  readonly scheduled_ms: number;
  readonly created_ms: number;
  readonly now_ms: number;
  readonly body: string | null;
}

const created = (row: Row | undefined): CreatedEmail | undefined =>
  row && {
    kind: 'created',
    scheduledMs: row.scheduled_ms,
    createdMs: row.created_ms,
    nowMs: row.now_ms,
    body: row.body,
  };

/** The twin that was first has committed, or this statement would still wait for it: its answer can be read. */
async function findRepeated(db: Queryable, emails: readonly NewEmail[]): Promise<Map<EmailId, CreatedEmail>> {
  const repeats = emails.flatMap(({ id, keyed }) => (keyed ? [{ id, keyed }] : []));
  if (repeats.length === 0) return new Map();
  const answers = await findAnswers(
    db,
    repeats.map(({ keyed }) => keyed),
  );
  return new Map(
    repeats.flatMap(({ id }, index) => {
      const answer = answers[index];
      return answer ? [[id, { kind: 'repeated' as const, answer, fingerprint: answer.fingerprint }]] : [];
    }),
  );
}

function notStored(id: EmailId): never {
  throw new Error(`email ${id} was not stored`);
}

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
