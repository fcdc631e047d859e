import {
  decideEdit,
  type EmailId,
  type FieldError,
  isOpen,
  type Mailbox,
  parseAddress,
  resolveDueAt,
  type TooLate,
} from '#domain';
import type { Caller } from '#http';
import {
  addCopies,
  appendOutbox,
  cancelCopies,
  copiesCancelled,
  copiesMoved,
  type Database,
  type EditedEmail,
  type EmailRow,
  emailUpdated,
  getEmail,
  lockCopies,
  type LockedCopy,
  pairs,
  type Queryable,
  readNow,
  removeCopies,
  requeueCopies,
  updateEmail,
} from '#storage';
import { changeOf } from './change-of.js';
import { decideEmail, type DecidedEmail, type EmailWish, type Recipient } from './decide-email.js';
import type { EmailPatch } from './email.schema.js';
import { written } from './fields.js';
import { newCopy } from './schedule-email.js';

export type Edited =
  | { readonly kind: 'edited'; readonly email: EmailRow }
  | { readonly kind: 'too_late'; readonly code: TooLate; readonly email: EmailRow }
  | { readonly kind: 'stale'; readonly email: EmailRow }
  | { readonly kind: 'invalid'; readonly errors: readonly FieldError[] }
  | { readonly kind: 'not_found' };

/** What the rules decided that an edit does. */
interface Edit {
  readonly changed: readonly string[];
  readonly decided: DecidedEmail;
  readonly wish: EmailWish & { readonly from: Mailbox };
  /** null: as it was. */
  readonly dueAt: Date | null;
}

/** These bind all copies: none may be armed. The others bind each copy that is still open. */
const CONTENT_FIELDS = new Set(['to', 'cc', 'bcc', 'from', 'replyTo', 'subject', 'text', 'html', 'visibility']);

/** Edits an email that is not armed yet: what was claimed comes back under a new epoch, so its work order dies at the gate. */
export class EditEmail {
  constructor(
    private readonly db: Database,
    private readonly defaultFrom: Mailbox,
  ) {}

  run(caller: Caller, id: EmailId, patch: EmailPatch, ifVersion: number | undefined): Promise<Edited> {
    return this.db.transaction(async (tx) => {
      const { tenantId, mode } = caller;
      const copies = await lockCopies(tx, tenantId, mode, id); // the rows decide the race with the gate
      const email = await getEmail(tx, tenantId, mode, id);
      if (!email || copies.length === 0) return { kind: 'not_found' };
      if (ifVersion !== undefined && ifVersion !== email.version) return { kind: 'stale', email };
      const edit = this.decide(email, patch, await readNow(tx));
      if (edit.kind === 'invalid') return edit;
      const what = edit.edit.changed.some((field) => CONTENT_FIELDS.has(field)) ? 'content' : 'time';
      const decision = decideEdit(copies, what);
      if (decision.kind === 'too_late') return { ...decision, email };
      // A copy that came back from its server is open for a moment, until the cancel catches it, too.
      if (email.tombstone_at !== null) return { kind: 'too_late', code: 'already_finished', email };
      if (edit.edit.changed.length === 0) return { kind: 'edited', email };
      await store(tx, caller, email, copies, edit.edit);
      const fresh = await getEmail(tx, tenantId, mode, id);
      return fresh ? { kind: 'edited', email: fresh } : { kind: 'not_found' };
    });
  }

  private decide(
    email: EmailRow,
    patch: EmailPatch,
    now: number,
  ): { kind: 'edit'; edit: Edit } | { kind: 'invalid'; errors: readonly FieldError[] } {
    const wish = merge(email, patch, this.defaultFrom);
    const decision = decideEmail(wish);
    if (decision.kind === 'invalid') return decision;
    const changed = changedFields(email, wish, decision.email);
    if (patch.scheduledAt === undefined) {
      return { kind: 'edit', edit: { changed, decided: decision.email, wish, dueAt: null } };
    }
    const due = resolveDueAt(patch.scheduledAt, now, patch.allowPast ?? false);
    if (due.kind === 'in_past') {
      return { kind: 'invalid', errors: [{ pointer: '/scheduledAt', code: 'in_past', detail: due.detail }] };
    }
    const isSame = due.at === email.scheduled_at.getTime();
    const all = isSame ? changed : [...changed, 'scheduledAt'];
    return {
      kind: 'edit',
      edit: { changed: all, decided: decision.email, wish, dueAt: isSame ? null : new Date(due.at) },
    };
  }
}

/** The email as it would be: what the patch leaves out stays, what it sets to null takes its default. */
function merge(email: EmailRow, patch: EmailPatch, defaultFrom: Mailbox): EmailWish & { readonly from: Mailbox } {
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

function changedFields(email: EmailRow, wish: EmailWish & { readonly from: Mailbox }, decided: DecidedEmail): string[] {
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

async function store(
  tx: Queryable,
  caller: Caller,
  email: EmailRow,
  copies: readonly LockedCopy[],
  edit: Edit,
): Promise<void> {
  const of = changeOf(caller, email);
  const { added, removed, staying } = compareRecipients(copies, edit.decided.recipients);
  const contentChanged = edit.changed.some((field) => CONTENT_FIELDS.has(field));
  // One that was never tried leaves no trace; one that was is cancelled and stays, with its attempts.
  const untried = removed.filter(({ attempt }) => attempt === 0);
  const tried = removed.filter(({ attempt }) => attempt > 0);
  const total = copies.length - untried.length + added.length;
  const updated = await updateEmail(tx, of.tenantId, of.emailId, editedEmail(edit, total, contentChanged));
  await removeCopies(
    tx,
    of.tenantId,
    untried.map(({ id }) => id),
  );
  const cancelled = await cancelCopies(
    tx,
    of.tenantId,
    tried.map(({ id }) => id),
    'cancelled_by_user',
  );
  const moved = await requeueCopies(
    tx,
    of.tenantId,
    staying.map(({ id }) => id),
    edit.dueAt,
  );
  await addCopies(
    tx,
    { tenantId: of.tenantId, id: of.emailId, lane: edit.decided.lane, mode: of.mode },
    added.map(newCopy),
    updated.scheduled_at,
  );
  const gone = untried.map((copy) => ({ before: copy, after: { ...copy, version: copy.version + 1 } }));
  await appendOutbox(tx, [
    ...copiesCancelled(of, [...gone, ...pairs(tried, cancelled)], 'cancelled_by_user'),
    ...copiesMoved(of, pairs(staying, moved)),
    emailUpdated(of, edit.changed, { version: updated.version, scheduledAt: updated.scheduled_at }),
  ]);
}

/** Copies stay with their recipient; one whose recipient was taken out leaves, one for a new recipient comes. */
function compareRecipients(copies: readonly LockedCopy[], recipients: readonly Recipient[]) {
  const wanted = new Map(
    recipients.map((recipient) => [identity(recipient.role, written(recipient.mailbox)), recipient]),
  );
  const open = copies.filter(isOpen);
  const staying = open.filter((copy) => wanted.has(identity(copy.role, copy.mailbox)));
  // A recipient who was taken out and comes back gets a new copy.
  const closed = copies.filter((copy) => !isOpen(copy) && copy.status !== 'cancelled');
  const present = new Set([...staying, ...closed].map((copy) => identity(copy.role, copy.mailbox)));
  return {
    staying,
    removed: open.filter((copy) => !staying.includes(copy)),
    added: recipients.filter(({ role, mailbox }) => !present.has(identity(role, written(mailbox)))),
  };
}

const identity = (role: string, mailbox: string): string => `${role} ${mailbox}`;

const editedEmail = ({ wish, decided, dueAt }: Edit, total: number, contentChanged: boolean): EditedEmail => ({
  from: written(wish.from),
  to: wish.to.map(written),
  cc: (wish.cc ?? []).map(written),
  bcc: (wish.bcc ?? []).map(written),
  replyTo: (wish.replyTo ?? []).map(written),
  subject: wish.subject,
  text: wish.text ?? null,
  html: wish.html ?? null,
  scheduledAt: dueAt,
  visibility: decided.visibility,
  onUnknown: decided.onUnknown,
  retryForSeconds: decided.retryForSeconds,
  ownerId: wish.ownerId ?? null,
  total,
  contentChanged,
});
