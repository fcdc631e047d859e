import { type Mailbox, parseAddress, type Wish } from '#domain';
import type { EmailRow } from '#storage';
import type { DecidedEmail, EmailWish } from './decide-email.js';
import type { EmailPatch } from './email.schema.js';
import { written } from './fields.js';

/** A patch whose sender is known, also where it takes the default again. */
export type PatchWithSender = Omit<EmailPatch, 'from'> & { readonly from: Mailbox | undefined };

/** The email as it would be: what the patch leaves out stays, what it sets to null takes its default. */
export function applyPatch(email: EmailRow, patch: PatchWithSender): EmailWish & { readonly from: Mailbox } {
  const render = kept(patch.render, undefined, email.render);
  return {
    to: patch.to ?? email.to_mailboxes.map(readMailbox),
    cc: kept(patch.cc, [], email.cc_mailboxes.map(readMailbox)),
    bcc: kept(patch.bcc, [], email.bcc_mailboxes.map(readMailbox)),
    from: patch.from ?? readMailbox(email.from_mailbox),
    replyTo: kept(patch.replyTo, [], email.reply_to.map(readMailbox)),
    subject: patch.subject ?? email.subject,
    text: kept(patch.text, undefined, email.text_body ?? undefined),
    html: kept(patch.html, undefined, email.html_body ?? undefined),
    render,
    data: kept(patch.data, undefined, render === 'liquid' ? (email.data ?? undefined) : undefined),
    attachments: patch.attachments === null ? [] : patch.attachments, // undefined: as they are, and not read
    headers: kept(patch.headers && mergeHeaders(email.headers, patch.headers), {}, email.headers),
    class: email.class,
    windows: kept(patch.windows, [], email.windows),
    schedule: wishAfter(email, patch),
    expiresAt: kept(patch.expiresAt, undefined, email.expires_at?.getTime()),
    graceSeconds: kept(patch.graceSeconds, undefined, email.grace_seconds),
    onMissed: kept(patch.onMissed, undefined, email.on_missed),
    retryForSeconds: kept(patch.retryForSeconds, undefined, email.retry_for_seconds),
    onUnknown: kept(patch.onUnknown, undefined, email.on_unknown),
    visibility: kept(patch.visibility, undefined, email.visibility),
    ownerId: kept(patch.ownerId, undefined, email.owner_id ?? undefined),
    tags: kept(patch.tags && merge(email.tags, patch.tags), {}, email.tags),
    correlationKey: kept(patch.correlationKey, undefined, email.correlation_key ?? undefined),
  };
}

/** Of an instant that is given, and of a local time taken away, the instant is all that is left. */
function wishAfter({ wish }: EmailRow, { schedule, scheduledAt }: PatchWithSender): Wish | undefined {
  if (schedule) return schedule;
  return schedule === null || scheduledAt !== undefined ? undefined : (wish ?? undefined);
}

/** Everybody to whom an email goes, as it is stored. */
export const recipientsOf = ({ to_mailboxes: to, cc_mailboxes: cc, bcc_mailboxes: bcc }: EmailRow): Mailbox[] =>
  [...to, ...cc, ...bcc].map(readMailbox);

type Texts = Readonly<Record<string, string>>;

const kept = <T>(patched: T | null | undefined, fallback: T, current: T): T =>
  patched === undefined ? current : patched === null ? fallback : patched;

/** RFC 7396: null takes a name away, what is not named stays. */
const merge = (current: Texts, patch: Readonly<Record<string, string | null>>): Texts =>
  Object.fromEntries(
    Object.entries({ ...current, ...patch }).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );

/** Names of headers are equal ignoring case; the patch says how they are written. */
function mergeHeaders(current: Texts, patch: Readonly<Record<string, string | null>>): Texts {
  const named = new Set(Object.keys(patch).map((name) => name.toLowerCase()));
  const others = Object.entries(current).filter(([name]) => !named.has(name.toLowerCase()));
  return merge(Object.fromEntries(others), patch);
}

function readMailbox(stored: string): Mailbox {
  const parsed = parseAddress(stored);
  if (parsed.kind === 'bad') throw new Error(`a stored mailbox is not readable: ${parsed.detail}`);
  return parsed.mailbox;
}

/** The names of the fields that an edit changes. */
export function changedFields(
  email: EmailRow,
  wish: EmailWish & { readonly from: Mailbox },
  decided: DecidedEmail,
): string[] {
  const same = (mailboxes: readonly Mailbox[] | undefined, stored: readonly string[]) =>
    JSON.stringify((mailboxes ?? []).map(written)) === JSON.stringify(stored);
  const unchanged: Record<string, boolean> = {
    to: same(wish.to, email.to_mailboxes),
    cc: same(wish.cc, email.cc_mailboxes),
    bcc: same(wish.bcc, email.bcc_mailboxes),
    from: written(wish.from) === email.from_mailbox,
    replyTo: same(wish.replyTo, email.reply_to),
    subject: wish.subject === email.subject,
    text: (wish.text ?? null) === email.text_body,
    html: (wish.html ?? null) === email.html_body,
    render: (wish.render ?? 'none') === email.render,
    data: JSON.stringify(wish.data ?? null) === JSON.stringify(email.data),
    attachments: (wish.attachments ?? []).length === 0 && (!wish.attachments || email.attachments.length === 0),
    headers: isSame(wish.headers, email.headers),
    expiresAt: (wish.expiresAt ?? null) === (email.expires_at?.getTime() ?? null),
    graceSeconds: decided.graceSeconds === email.grace_seconds,
    onMissed: decided.onMissed === email.on_missed,
    tags: isSame(wish.tags, email.tags),
    correlationKey: (wish.correlationKey ?? null) === email.correlation_key,
    schedule: JSON.stringify(wish.schedule ?? null) === JSON.stringify(email.wish),
    windows: JSON.stringify(wish.windows ?? []) === JSON.stringify(email.windows),
    visibility: decided.visibility === email.visibility,
    retryForSeconds: decided.retryForSeconds === email.retry_for_seconds,
    onUnknown: decided.onUnknown === email.on_unknown,
    ownerId: (wish.ownerId ?? null) === email.owner_id,
  };
  return Object.entries(unchanged).flatMap(([field, stays]) => (stays ? [] : [field]));
}

const isSame = (wished: Texts = {}, stored: Texts): boolean => inOrder(wished) === inOrder(stored);
const inOrder = (texts: Texts): string =>
  JSON.stringify(Object.entries(texts).toSorted(([a], [b]) => (a < b ? -1 : 1)));
