import {
  CLASS_DEFAULTS,
  type EmailClass,
  type FieldError,
  type Lane,
  type Mailbox,
  type MissedPolicy,
  type SendWindows,
  type UnknownPolicy,
  type Visibility,
  type Wish,
} from '#domain';
import type { NewAttachment } from '#storage';
import { MAX_RECIPIENTS } from './fields.js';
import { MAX_HEADERS } from './header.schema.js';
import { MAX_TAGS } from './tag.schema.js';

/** An email as somebody wishes it: every address parsed, nothing defaulted. */
export interface EmailWish {
  readonly to: readonly Mailbox[];
  readonly cc?: readonly Mailbox[] | undefined;
  readonly bcc?: readonly Mailbox[] | undefined;
  readonly from?: Mailbox | undefined;
  readonly replyTo?: readonly Mailbox[] | undefined;
  readonly subject: string;
  readonly text?: string | undefined;
  readonly html?: string | undefined;
  readonly render?: 'none' | 'liquid' | undefined;
  /** What the placeholders of a content that is rendered show. */
  readonly data?: Readonly<Record<string, unknown>> | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly attachments?: readonly NewAttachment[] | undefined;
  /** Milliseconds since 1970. */
  readonly scheduledAt?: number | undefined;
  readonly schedule?: Wish | undefined;
  readonly allowPast?: boolean | undefined;
  readonly windows?: SendWindows | undefined;
  readonly class?: EmailClass | undefined;
  /** Milliseconds since 1970. */
  readonly expiresAt?: number | undefined;
  readonly graceSeconds?: number | undefined;
  readonly onMissed?: MissedPolicy | undefined;
  readonly retryForSeconds?: number | undefined;
  readonly onUnknown?: UnknownPolicy | undefined;
  readonly visibility?: Visibility | undefined;
  readonly ownerId?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly correlationKey?: string | undefined;
}

export interface Recipient {
  readonly role: 'to' | 'cc' | 'bcc';
  readonly mailbox: Mailbox;
}

/** An email whose parts fit together, with the defaults of its class. */
export interface DecidedEmail {
  readonly class: EmailClass;
  readonly lane: Lane;
  readonly visibility: Visibility;
  readonly graceSeconds: number;
  readonly onMissed: MissedPolicy;
  readonly retryForSeconds: number;
  readonly onUnknown: UnknownPolicy;
  /** One copy each; doubles merged, the first role wins. */
  readonly recipients: readonly Recipient[];
}

export type EmailDecision =
  | { readonly kind: 'email'; readonly email: DecidedEmail }
  | { readonly kind: 'invalid'; readonly errors: readonly FieldError[] };

/** Whether the parts of an email fit together, and what its class says where its sender does not. */
export function decideEmail(wish: EmailWish): EmailDecision {
  const recipients = mergeRecipients(wish);
  const errors = [...recipientErrors(wish, recipients), ...bodyErrors(wish), ...countErrors(wish)];
  if (errors.length > 0) return { kind: 'invalid', errors };
  const emailClass = wish.class ?? 'transactional';
  const defaults = CLASS_DEFAULTS[emailClass];
  const email = {
    class: emailClass,
    lane: defaults.lane,
    visibility: wish.visibility ?? 'shared',
    graceSeconds: wish.graceSeconds ?? defaults.graceSeconds,
    onMissed: wish.onMissed ?? 'expire',
    retryForSeconds: wish.retryForSeconds ?? defaults.retryForSeconds,
    onUnknown: wish.onUnknown ?? defaults.onUnknown,
    recipients,
  };
  return { kind: 'email', email };
}

function mergeRecipients({ to, cc = [], bcc = [] }: EmailWish): Recipient[] {
  const byKey = new Map<string, Recipient>();
  for (const [role, list] of [['to', to] as const, ['cc', cc] as const, ['bcc', bcc] as const]) {
    for (const mailbox of list) if (!byKey.has(mailbox.key)) byKey.set(mailbox.key, { role, mailbox });
  }
  return [...byKey.values()];
}

function recipientErrors(wish: EmailWish, recipients: readonly Recipient[]): FieldError[] {
  if (wish.to.length === 0) return [{ pointer: '/to', code: 'too_short', detail: 'at least one recipient is needed' }];
  if (recipients.length > MAX_RECIPIENTS) {
    const detail = `${recipients.length} recipients; at most ${MAX_RECIPIENTS} in to, cc and bcc together`;
    return [{ pointer: '/to', code: 'too_many', detail }];
  }
  if (wish.visibility !== 'individual') return [];
  return (['cc', 'bcc'] as const)
    .filter((field) => (wish[field] ?? []).length > 0)
    .map((field) => ({
      pointer: `/${field}`,
      code: 'conflict',
      detail: 'with visibility "individual" each copy shows its own recipient only; put everybody in "to"',
    }));
}

const bodyErrors = ({ text, html }: EmailWish): FieldError[] =>
  (text ?? '') === '' && (html ?? '') === ''
    ? [{ pointer: '/text', code: 'required', detail: 'text or html is needed' }]
    : [];

/** A patch may add to what is there. */
function countErrors({ headers = {}, tags = {} }: EmailWish): FieldError[] {
  return [
    ['/headers', Object.keys(headers).length, MAX_HEADERS] as const,
    ['/tags', Object.keys(tags).length, MAX_TAGS] as const,
  ].flatMap(([pointer, count, max]) =>
    count > max ? [{ pointer, code: 'too_many' as const, detail: `${count} names; at most ${max}` }] : [],
  );
}

/** An email that expires before it is due would never be sent. */
export function expiryErrors(
  { expiresAt }: Pick<EmailWish, 'expiresAt'>,
  dueAt: number,
  pointer = '/expiresAt',
): FieldError[] {
  if (expiresAt === undefined || expiresAt > dueAt) return [];
  const detail = `expiresAt ${new Date(expiresAt).toISOString()} is not after ${new Date(dueAt).toISOString()}, when it is to be sent`;
  return [{ pointer, code: 'out_of_range', detail }];
}
