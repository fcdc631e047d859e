import { CLASS_DEFAULTS, type EmailId, type FieldError, type Mailbox, publicId, resolveDueAt } from '#domain';
import { emailCreatedV1 } from '#events';
import type { Caller } from '#http';
import {
  createEmails,
  type Database,
  DatabaseClock,
  type EmailRow,
  GroupCommit,
  type NewEmail,
  newId,
  outboxEvent,
  readNow,
} from '#storage';
import type { Facts } from '#telemetry';
import { actorOf } from './change-of.js';
import { type DecidedEmail, decideEmail, type EmailWish, type Recipient } from './decide-email.js';
import { written } from './fields.js';

/** Statements under way at once, and emails in one: batches grow with the load by themselves. */
const GROUP = { width: 2, maxBatch: 500, maxWeight: 16 * 1_048_576 } as const;

export type Scheduled =
  | { readonly kind: 'scheduled'; readonly email: EmailRow }
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
  private readonly group: GroupCommit<NewEmail, EmailRow>;

  constructor(private readonly parts: ScheduleEmailParts) {
    this.group = new GroupCommit({ ...GROUP, weigh: bodyLength }, (emails) => this.store(emails));
  }

  async run(caller: Caller, wish: EmailWish, options: { readonly dryRun: boolean }): Promise<Scheduled> {
    const decision = decideEmail(wish);
    if (decision.kind === 'invalid') return decision;
    const now = await this.now();
    const due = resolveDueAt(wish.scheduledAt ?? null, now, wish.allowPast ?? false);
    if (due.kind === 'in_past') {
      return { kind: 'invalid', errors: [{ pointer: '/scheduledAt', code: 'in_past', detail: due.detail }] };
    }
    const email = this.newEmail(caller, wish, decision.email, due.at === now ? null : new Date(due.at));
    if (options.dryRun) return { kind: 'scheduled', email: rowOf(email, { scheduledMs: due.at, createdMs: now }) };
    return { kind: 'scheduled', email: await this.group.add(email) };
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

  private async store(emails: readonly NewEmail[]): Promise<EmailRow[]> {
    const created = await createEmails(this.parts.db, emails);
    const copies = emails.reduce((sum, { deliveries }) => sum + deliveries.length, 0);
    this.parts.facts.emailsCreated(emails.length, copies);
    const nowMs = created[0]?.nowMs;
    if (nowMs !== undefined) this.clock.read(nowMs);
    return emails.map((email, index) => rowOf(email, created[index] ?? { scheduledMs: 0, createdMs: 0 }));
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

/** What was just stored, without reading it again. */
function rowOf(
  email: NewEmail,
  { scheduledMs, createdMs }: { readonly scheduledMs: number; readonly createdMs: number },
): EmailRow {
  const at = new Date(createdMs);
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
    scheduled_at: new Date(scheduledMs),
    retry_for_seconds: email.retryForSeconds,
    on_unknown: email.onUnknown,
    owner_id: email.ownerId,
    total: email.deliveries.length,
    content_version: 1,
    version: 1,
    tombstone_at: null,
    cancel_open: false,
    created_at: at,
    updated_at: at,
    copies: email.deliveries.map(({ id, mailbox, role }) => ({
      id,
      mailbox,
      role,
      status: 'scheduled',
      held: false,
      at: at.toISOString(),
    })),
  };
}
