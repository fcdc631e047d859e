import type { FieldError, TenantId } from '#domain';
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
  readNow,
  type StoredAnswer,
} from '#storage';
import type { Facts } from '#telemetry';
import type { DefaultFrom } from '../settings/default-from.js';
import type { EmailWish } from './decide-email.js';
import { draftEmail } from './draft-email.js';
import type { KeyedRequest, StoredKey } from './keyed-answer.js';
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
    const choices = await this.parts.defaultFrom.choices(caller.tenantId);
    const drafted = draftEmail(caller, wish, now, { choices, keyed });
    if (drafted.kind === 'invalid') return drafted;
    const { email, scheduledAt } = drafted;
    if (dryRun) {
      const createdNow = { scheduledAt: new Date(scheduledAt), createdAt: new Date(now) };
      return { kind: 'scheduled', email: rowOf(email, createdNow) };
    }
    return this.create(email);
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

/** A repeat of a request: the same gets its answer again, another one under the same key is refused. */
const repeated = (
  { fingerprint }: { readonly fingerprint: Buffer },
  stored: { readonly fingerprint: Buffer } & (StoredKey | { readonly answer: StoredAnswer }),
): Scheduled =>
  stored.fingerprint.equals(fingerprint)
    ? { kind: 'answered', answer: 'answer' in stored ? stored.answer : stored, isReplay: true }
    : { kind: 'key_reused' };
