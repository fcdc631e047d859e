import { CLASS_DEFAULTS, type EmailId, type FieldError, type Mailbox, publicId, resolveDueAt } from '#domain';
import { emailCreatedV1 } from '#events';
import type { Caller } from '#http';
import {
  type CreatedEmail,
  createEmails,
  type Database,
  DatabaseClock,
  type EmailRow,
  findAnswers,
  GroupCommit,
  type IdempotencyKey,
  type KeyedAnswer,
  type NewEmail,
  newId,
  outboxEvent,
  readNow,
  type StoredAnswer,
} from '#storage';
import type { Facts } from '#telemetry';
import { actorOf } from './change-of.js';
import { type DecidedEmail, decideEmail, type EmailWish, type Recipient } from './decide-email.js';
import { written } from './fields.js';

/** Statements under way at once, and emails in one: batches grow with the load by themselves. */
const GROUP = { width: 2, maxBatch: 500, maxWeight: 16 * 1_048_576 } as const;

/** The answer to a created email: what a repeat of its request gets again. */
export interface CreatedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

export interface ScheduleOptions {
  /** Checks everything and stores nothing. */
  readonly dryRun: boolean;
  /** The key of the request; undefined: a repeat would be another email. */
  readonly keyed?: KeyedRequest | undefined;
}

export interface KeyedRequest {
  readonly route: string;
  readonly key: string;
  /** SHA-256 of the request in canonical form. */
  readonly fingerprint: Buffer;
  readonly answerOf: (email: EmailRow) => CreatedAnswer;
}

export type Scheduled =
  | { readonly kind: 'scheduled'; readonly email: EmailRow }
  /** A request with a key: its answer as stored, now or when it came first. */
  | { readonly kind: 'answered'; readonly answer: StoredAnswer; readonly isReplay: boolean }
  | { readonly kind: 'key_reused' }
  | { readonly kind: 'invalid'; readonly errors: readonly FieldError[] };

export interface ScheduleEmailParts {
  readonly db: Database;
  readonly facts: Facts;
  /** Who sends when nobody is named. */
  readonly defaultFrom: Mailbox;
}

/** Accepts an email: checked, stored with its copies and its event in one transaction, and only then answered. */
export class ScheduleEmail {
  private readonly clock = new DatabaseClock();
  private readonly creates: GroupCommit<NewEmail, CreatedEmail>;
  private readonly lookups: GroupCommit<IdempotencyKey, StoredKey | undefined>;

  constructor(private readonly parts: ScheduleEmailParts) {
    this.creates = new GroupCommit({ ...GROUP, weigh: bodyLength }, (emails) => this.store(emails));
    this.lookups = new GroupCommit(GROUP, (keys) => findAnswers(parts.db, keys));
  }

  async run(caller: Caller, wish: EmailWish, { dryRun, keyed }: ScheduleOptions): Promise<Scheduled> {
    const key = keyed && { tenantId: caller.tenantId, mode: caller.mode, ...keyed };
    const stored = key && !dryRun ? await this.lookups.add(key) : undefined;
    if (key && stored) return repeated(key, stored); // before its time is judged: it may have passed meanwhile
    const decision = decideEmail(wish);
    if (decision.kind === 'invalid') return decision;
    const now = await this.now();
    const due = resolveDueAt(wish.scheduledAt ?? null, now, wish.allowPast ?? false);
    if (due.kind === 'in_past') {
      return { kind: 'invalid', errors: [{ pointer: '/scheduledAt', code: 'in_past', detail: due.detail }] };
    }
    const email = this.newEmail(caller, wish, decision.email, due.at === now ? null : new Date(due.at));
    const createdNow = { scheduledAt: new Date(due.at), createdAt: new Date(now) };
    if (dryRun) return { kind: 'scheduled', email: rowOf(email, createdNow) };
    return this.create(key ? { ...email, keyed: keyedAnswer(email, key) } : email);
  }

  private async create(email: NewEmail): Promise<Scheduled> {
    const result = await this.creates.add(email);
    if (result.kind === 'repeated') {
      return email.keyed ? repeated(email.keyed, result) : { kind: 'key_reused' };
    }
    if (email.keyed && result.body !== null) {
      return { kind: 'answered', answer: { ...email.keyed.answer, body: result.body }, isReplay: false };
    }
    const times = { scheduledAt: new Date(result.scheduledMs), createdAt: new Date(result.createdMs) };
    return { kind: 'scheduled', email: rowOf(email, times) };
  }

  private newEmail(caller: Caller, wish: EmailWish, decided: DecidedEmail, scheduledAt: Date | null): NewEmail {
    const id = newId<EmailId>();
    const { tenantId, mode } = caller;
    const about = {
      tenantId,
      mode,
      source: 'scheduler',
      actor: actorOf(caller),
      emailId: id,
      deliveryId: null,
      version: 1,
    };
    const ownerId = wish.ownerId ?? null;
    return {
      tenantId,
      id,
      class: decided.class,
      mode,
      lane: decided.lane,
      visibility: decided.visibility,
      from: written(wish.from ?? this.parts.defaultFrom),
      to: wish.to.map(written),
      cc: (wish.cc ?? []).map(written),
      bcc: (wish.bcc ?? []).map(written),
      replyTo: (wish.replyTo ?? []).map(written),
      subject: wish.subject,
      text: wish.text ?? null,
      html: wish.html ?? null,
      scheduledAt,
      graceSeconds: CLASS_DEFAULTS[decided.class].graceSeconds,
      retryForSeconds: decided.retryForSeconds,
      onUnknown: decided.onUnknown,
      ownerId,
      deliveries: decided.recipients.map(newCopy),
      event: outboxEvent(emailCreatedV1, about, {
        emailId: publicId('email', id),
        kind: 'single',
        class: decided.class,
        total: decided.recipients.length,
        ownerId,
        jobId: null,
        version: 1,
      }),
    };
  }

  private async store(emails: readonly NewEmail[]): Promise<CreatedEmail[]> {
    const results = await createEmails(this.parts.db, emails);
    const stored = emails.filter((_, index) => results[index]?.kind === 'created');
    const copies = stored.reduce((sum, { deliveries }) => sum + deliveries.length, 0);
    this.parts.facts.emailsCreated(stored.length, copies);
    const first = results.find((result) => result.kind === 'created');
    if (first?.kind === 'created') this.clock.read(first.nowMs);
    return results;
  }

  /** The database's time, asked for once and then known from every batch. */
  private async now(): Promise<number> {
    const known = this.clock.now();
    if (known !== undefined) return Math.floor(known);
    const read = await readNow(this.parts.db);
    this.clock.read(read);
    return Math.floor(read);
  }
}

const bodyLength = ({ text, html }: NewEmail): number => (text?.length ?? 0) + (html?.length ?? 0);

export const newCopy = ({ role, mailbox }: Recipient): NewEmail['deliveries'][number] => ({
  id: newId(),
  role,
  mailbox: written(mailbox),
  address: mailbox.address,
  recipientKey: mailbox.key,
});

/** A repeat of a request: the same gets its answer again, another one under the same key is refused. */
const repeated = (
  { fingerprint }: { readonly fingerprint: Buffer },
  stored: { readonly fingerprint: Buffer } & (StoredKey | { readonly answer: StoredAnswer }),
): Scheduled =>
  stored.fingerprint.equals(fingerprint)
    ? { kind: 'answered', answer: 'answer' in stored ? stored.answer : stored, isReplay: true }
    : { kind: 'key_reused' };

type StoredKey = StoredAnswer & { readonly fingerprint: Buffer };

/** Stands for an instant that only the database knows; no text of a caller can be taken for it. */
class ClockToken extends Date {
  readonly token = `clock-${crypto.randomUUID()}`;

  override toISOString(): string {
    return this.token;
  }
}

/** The answer as it will be, with a token where the database's time belongs. */
function keyedAnswer(email: NewEmail, key: IdempotencyKey & KeyedRequest): KeyedAnswer {
  const clock = new ClockToken();
  const row = rowOf(email, { scheduledAt: email.scheduledAt ?? clock, createdAt: clock });
  const { status, headers, body } = key.answerOf(row);
  return { ...key, answer: { status, headers, body: JSON.stringify(body) }, clockToken: clock.token };
}

/** What was just stored, without reading it again. */
function rowOf(
  email: NewEmail,
  { scheduledAt, createdAt }: { readonly scheduledAt: Date; readonly createdAt: Date },
): EmailRow {
  return {
    id: email.id,
    kind: 'single',
    class: email.class,
    mode: email.mode,
    visibility: email.visibility,
    status: 'scheduled',
    from_mailbox: email.from,
    to_mailboxes: email.to,
    cc_mailboxes: email.cc,
    bcc_mailboxes: email.bcc,
    reply_to: email.replyTo,
    subject: email.subject,
    text_body: email.text,
    html_body: email.html,
    scheduled_at: scheduledAt,
    retry_for_seconds: email.retryForSeconds,
    on_unknown: email.onUnknown,
    owner_id: email.ownerId,
    total: email.deliveries.length,
    content_version: 1,
    version: 1,
    tombstone_at: null,
    cancel_open: false,
    created_at: createdAt,
    updated_at: createdAt,
    copies: email.deliveries.map(({ id, mailbox, role }) => ({
      id,
      mailbox,
      role,
      status: 'scheduled',
      held: false,
      at: createdAt.toISOString(),
    })),
  };
}
