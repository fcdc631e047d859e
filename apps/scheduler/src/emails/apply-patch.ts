import { type Mailbox, parseAddress } from '#domain';
import type { EmailRow } from '#storage';
import type { DecidedEmail, EmailWish } from './decide-email.js';
import type { EmailPatch } from './email.schema.js';
import { written } from './fields.js';

/** The email as it would be: what the patch leaves out stays, what it sets to null takes its default. */
export function applyPatch(
  email: EmailRow,
  patch: EmailPatch,
  defaultFrom: Mailbox,
): EmailWish & { readonly from: Mailbox } {
  return {
    to: patch.to ?? email.to_mailboxes.map(readMailbox),
    cc: kept(patch.cc, [], email.cc_mailboxes.map(readMailbox)),
    bcc: kept(patch.bcc, [], email.bcc_mailboxes.map(readMailbox)),
    from: kept(patch.from, defaultFrom, readMailbox(email.from_mailbox)),
    replyTo: kept(patch.replyTo, [], email.reply_to.map(readMailbox)),
    subject: patch.subject ?? email.subject,
    text: kept(patch.text, undefined, email.text_body ?? undefined),
    html: kept(patch.html, undefined, email.html_body ?? undefined),
    class: email.class,
    retryForSeconds: kept(patch.retryForSeconds, undefined, email.retry_for_seconds),
    onUnknown: kept(patch.onUnknown, undefined, email.on_unknown),
    visibility: kept(patch.visibility, undefined, email.visibility),
    ownerId: kept(patch.ownerId, undefined, email.owner_id ?? undefined),
  };
}

const kept = <T>(patched: T | null | undefined, fallback: T, current: T): T =>
  patched === undefined ? current : patched === null ? fallback : patched;

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
    visibility: decided.visibility === email.visibility,
    retryForSeconds: decided.retryForSeconds === email.retry_for_seconds,
    onUnknown: decided.onUnknown === email.on_unknown,
    ownerId: (wish.ownerId ?? null) === email.owner_id,
  };
  return Object.entries(unchanged).flatMap(([field, isSame]) => (isSame ? [] : [field]));
}
