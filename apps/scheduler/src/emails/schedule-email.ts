import { type EmailId, type FieldError, type JobId, type Mailbox, publicId, type TenantId } from '#domain';
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
  type NewEmail,
  newId,
  outboxEvent,
  type Queryable,
  readNow,
  type StoredAnswer,
} from '#storage';
import type { Facts } from '#telemetry';
import type { DefaultFrom, TenantChoices } from '../settings/default-from.js';
import { actorOf } from './change-of.js';
import { type DecidedEmail, decideEmail, type EmailWish, expiryErrors, type Recipient } from './decide-email.js';
import { contentErrors, dataOf } from './content-errors.js';
import { decideWhen } from './decide-when.js';
import { written } from './fields.js';
import { keyedAnswer, type KeyedRequest, type StoredKey } from './keyed-answer.js';
import { rowOf } from './stored-email.js';

/** Statements under way at once, and emails in one: batches grow with the load by themselves. */
const GROUP = { width: 2, maxBatch: 500, maxWeight: 16 * 1_048_576 } as const;

export interface ScheduleOptions {
  /** Checks everything and stores nothing. */
  readonly dryRun: boolean;
  /** The key of the request; undefined: a repeat would be another email. */
  readonly keyed?: KeyedRequest | undefined;
}

export type Scheduled =
  | { readonly kind: 'scheduled'; readonly email: EmailRow }
  /** A request with a key: its answer as stored, now or when it came first. */
  | { readonly kind: 'answered'; readonly answer: StoredAnswer; readonly isReplay: boolean }
  | { readonly kind: 'key_reused' }
  | { readonly kind: 'invalid'; readonly errors: readonly FieldError[] };

export interface DraftOptions {
  /** What its tenant has chosen for what it does not say. */
  readonly choices: TenantChoices;
  readonly keyed?: KeyedRequest | undefined;
  /** The batch it comes in. */
  readonly jobId?: JobId | undefined;
}

/** When it goes, with what, and whose it is where it does not say. */
type Placed = Required<Pick<NewEmail, 'scheduledAt' | 'opensAt' | 'jobId'>> & { readonly defaultFrom: Mailbox };

export type Drafted =
  /** `scheduledAt`: milliseconds since 1970. */
  | { readonly kind: 'email'; readonly email: NewEmail; readonly scheduledAt: number }
  | { readonly kind: 'invalid'; readonly errors: readonly FieldError[] };

export interface ScheduleEmailParts {
  readonly db: Database;
  readonly facts: Facts;
  /** Who sends when nobody is named. */
  readonly defaultFrom: DefaultFrom;
}

/** Accepts an email: checked, stored with its copies and its event in one transaction, and only then answered. */
export class ScheduleEmail {
  private readonly clock = new DatabaseClock();
  private readonly creates: GroupCommit<NewEmail, CreatedEmail>;
  private readonly lookups: GroupCommit<IdempotencyKey, StoredKey | undefined>;

  constructor(private readonly parts: ScheduleEmailParts) {
    this.creates = new GroupCommit({ ...GROUP, weigh: sizeOf }, (emails) => this.store(emails));
    this.lookups = new GroupCommit(GROUP, (keys) => findAnswers(parts.db.of(...tenantsOf(keys)), keys));
  }

  async run(caller: Caller, wish: EmailWish, { dryRun, keyed }: ScheduleOptions): Promise<Scheduled> {
    const key = keyed && { tenantId: caller.tenantId, mode: caller.mode, ...keyed };
    const stored = key && !dryRun ? await this.lookups.add(key) : undefined;
    if (key && stored) return repeated(key, stored); // before its time is judged: it may have passed meanwhile
    const now = await this.now();
    const choices = await this.choices(caller.tenantId);
    const drafted = this.draft(caller, wish, now, { choices, keyed });
    if (drafted.kind === 'invalid') return drafted;
    const { email, scheduledAt } = drafted;
    if (dryRun) {
      const createdNow = { scheduledAt: new Date(scheduledAt), createdAt: new Date(now) };
      return { kind: 'scheduled', email: rowOf(email, createdNow) };
    }
    return this.create(email);
  }

  /** What a tenant has chosen for emails that do not say. @param tx a transaction that is open */
  choices(tenantId: TenantId, tx?: Queryable): Promise<TenantChoices> {
    return this.parts.defaultFrom.choices(tenantId, tx);
  }

  /** An email that may be stored as it is, with the answer for its key; nothing is read and nothing is stored. */
  draft(caller: Caller, wish: EmailWish, now: number, { choices, keyed, jobId }: DraftOptions): Drafted {
    const decision = decideEmail(wish);
    if (decision.kind === 'invalid') return decision;
    const when = decideWhen(wish, choices, now);
    if (when.kind === 'invalid') return when;
    const { scheduledAt, dueAt } = when;
    const errors = [...expiryErrors(wish, dueAt), ...contentErrors(wish)];
    if (errors.length > 0) return { kind: 'invalid', errors };
    const email = this.newEmail(caller, wish, decision.email, {
      scheduledAt: scheduledAt === now ? null : new Date(scheduledAt),
      opensAt: dueAt === scheduledAt ? null : new Date(dueAt),
      jobId: jobId ?? null,
      defaultFrom: choices.from,
    });
    if (!keyed) return { kind: 'email', email, scheduledAt };
    const key = { tenantId: caller.tenantId, mode: caller.mode, ...keyed };
    return { kind: 'email', email: { ...email, keyed: keyedAnswer(email, key) }, scheduledAt };
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

  private newEmail(
    caller: Caller,
    wish: EmailWish,
    decided: DecidedEmail,
    { scheduledAt, opensAt, jobId, defaultFrom }: Placed,
  ): NewEmail {
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
      from: written(wish.from ?? defaultFrom),
      to: wish.to.map(written),
      cc: (wish.cc ?? []).map(written),
      bcc: (wish.bcc ?? []).map(written),
      replyTo: (wish.replyTo ?? []).map(written),
      subject: wish.subject,
      text: wish.text ?? null,
      html: wish.html ?? null,
      data: dataOf(wish),
      headers: wish.headers ?? {},
      attachments: wish.attachments ?? [],
      scheduledAt,
      opensAt,
      wish: wish.schedule ?? null,
      windows: wish.windows ?? [],
      expiresAt: wish.expiresAt === undefined ? null : new Date(wish.expiresAt),
      graceSeconds: decided.graceSeconds,
      onMissed: decided.onMissed,
      retryForSeconds: decided.retryForSeconds,
      onUnknown: decided.onUnknown,
      ownerId,
      tags: wish.tags ?? {},
      correlationKey: wish.correlationKey ?? null,
      jobId,
      deliveries: decided.recipients.map(newCopy),
      event: outboxEvent(emailCreatedV1, about, {
        emailId: publicId('email', id),
        kind: 'single',
        class: decided.class,
        total: decided.recipients.length,
        ownerId,
        jobId: jobId && publicId('job', jobId),
        version: 1,
      }),
    };
  }

  private async store(emails: readonly NewEmail[]): Promise<CreatedEmail[]> {
    const results = await createEmails(this.parts.db.of(...tenantsOf(emails)), emails);
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

/** A group is of several callers: its statement sees the rows of all of them, and of nobody else. */
const tenantsOf = (items: readonly { readonly tenantId: TenantId }[]): TenantId[] =>
  items.map(({ tenantId }) => tenantId);

const sizeOf = ({ text, html, attachments }: NewEmail): number =>
  attachments.reduce((sum, { content }) => sum + content.length, (text?.length ?? 0) + (html?.length ?? 0));

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
