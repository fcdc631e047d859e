import { type EmailId, type FieldError, type JobId, type Mailbox, publicId } from '#domain';
import { emailCreatedV1 } from '#events';
import type { Caller } from '#http';
import { type NewEmail, newId, outboxEvent } from '#storage';
import type { TenantChoices } from '../settings/default-from.js';
import { actorOf } from './change-of.js';
import { contentErrors, dataOf } from './content-errors.js';
import { type DecidedEmail, decideEmail, type EmailWish, expiryErrors, type Recipient } from './decide-email.js';
import { decideWhen } from './decide-when.js';
import { written } from './fields.js';
import { keyedAnswer, type KeyedRequest } from './keyed-answer.js';

export interface DraftOptions {
  /** What its tenant has chosen for what it does not say. */
  readonly choices: TenantChoices;
  readonly keyed?: KeyedRequest | undefined;
  /** The batch it comes in. */
  readonly jobId?: JobId | undefined;
}

export type Drafted =
  /** `scheduledAt`: milliseconds since 1970. */
  | { readonly kind: 'email'; readonly email: NewEmail; readonly scheduledAt: number }
  | { readonly kind: 'invalid'; readonly errors: readonly FieldError[] };

/** An email that may be stored as it is, with the answer for its key; nothing is read and nothing is stored. */
export function draftEmail(
  caller: Caller,
  wish: EmailWish,
  now: number,
  { choices, keyed, jobId }: DraftOptions,
): Drafted {
  const decision = decideEmail(wish);
  if (decision.kind === 'invalid') return decision;
  const when = decideWhen(wish, choices, now);
  if (when.kind === 'invalid') return when;
  const { scheduledAt, dueAt } = when;
  const errors = [...expiryErrors(wish, dueAt), ...contentErrors(wish)];
  if (errors.length > 0) return { kind: 'invalid', errors };
  const email = newEmail(caller, wish, decision.email, {
    scheduledAt: scheduledAt === now ? null : new Date(scheduledAt),
    opensAt: dueAt === scheduledAt ? null : new Date(dueAt),
    jobId: jobId ?? null,
    defaultFrom: choices.from,
  });
  if (!keyed) return { kind: 'email', email, scheduledAt };
  const key = { tenantId: caller.tenantId, mode: caller.mode, ...keyed };
  return { kind: 'email', email: { ...email, keyed: keyedAnswer(email, key) }, scheduledAt };
}

/** When it goes, with what, and whose it is where it does not say. */
type Placed = Required<Pick<NewEmail, 'scheduledAt' | 'opensAt' | 'jobId'>> & { readonly defaultFrom: Mailbox };

function newEmail(
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

export const newCopy = ({ role, mailbox }: Recipient): NewEmail['deliveries'][number] => ({
  id: newId(),
  role,
  mailbox: written(mailbox),
  address: mailbox.address,
  recipientKey: mailbox.key,
});
