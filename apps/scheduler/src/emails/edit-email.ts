import { decideEdit, type EmailId, type FieldError, type Mailbox, resolveDueAt, type TooLate } from '#domain';
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
  replaceAttachments,
  requeueCopies,
  retagEmail,
  setDeadlines,
  updateEmail,
} from '#storage';
import type { DefaultFrom } from '../settings/default-from.js';
import { applyPatch, changedFields, type PatchWithSender, recipientsOf } from './apply-patch.js';
import { changeOf } from './change-of.js';
import { compareRecipients } from './compare-recipients.js';
import { decideEmail, type DecidedEmail, type EmailWish, expiryErrors } from './decide-email.js';
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
const CONTENT_FIELDS = new Set([
  'to',
  'cc',
  'bcc',
  'from',
  'replyTo',
  'subject',
  'text',
  'html',
  'attachments',
  'headers',
  'visibility',
]);
/** Copies have them, too. */
const DEADLINES = new Set(['graceSeconds', 'expiresAt']);

/** Edits an email that is not armed yet: what was claimed comes back under a new epoch, so its work order dies at the gate. */
export class EditEmail {
  constructor(
    private readonly db: Database,
    private readonly defaultFrom: DefaultFrom,
  ) {}

  run(caller: Caller, id: EmailId, patch: EmailPatch, ifVersion: number | undefined): Promise<Edited> {
    return this.db.of(caller.tenantId).transaction((tx) => this.edit(tx, caller, id, patch, ifVersion));
  }

  /** The same in a transaction of the caller. */
  async edit(
    tx: Queryable,
    caller: Caller,
    id: EmailId,
    patch: EmailPatch,
    ifVersion: number | undefined,
  ): Promise<Edited> {
    const { tenantId, mode } = caller;
    const copies = await lockCopies(tx, tenantId, mode, id); // the rows decide the race with the gate
    const email = await getEmail(tx, tenantId, mode, id);
    if (!email || copies.length === 0) return { kind: 'not_found' };
    if (ifVersion !== undefined && ifVersion !== email.version) return { kind: 'stale', email };
    const from = patch.from === null ? await this.defaultFrom.of(tenantId, tx) : patch.from;
    const edit = decide(email, { ...patch, from }, await readNow(tx));
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
  }
}

function decide(
  email: EmailRow,
  patch: PatchWithSender,
  now: number,
): { kind: 'edit'; edit: Edit } | { kind: 'invalid'; errors: readonly FieldError[] } {
  const wish = applyPatch(email, patch);
  const decision = decideEmail(wish);
  if (decision.kind === 'invalid') return decision;
  const changed = changedFields(email, wish, decision.email);
  if (patch.scheduledAt === undefined) {
    const errors = patch.expiresAt === undefined ? [] : expiryErrors(wish, email.scheduled_at.getTime());
    if (errors.length > 0) return { kind: 'invalid', errors };
    return { kind: 'edit', edit: { changed, decided: decision.email, wish, dueAt: null } };
  }
  const due = resolveDueAt(patch.scheduledAt, now, patch.allowPast ?? false);
  if (due.kind === 'in_past') {
    return { kind: 'invalid', errors: [{ pointer: '/scheduledAt', code: 'in_past', detail: due.detail }] };
  }
  const errors = expiryErrors(wish, due.at, patch.expiresAt === undefined ? '/scheduledAt' : '/expiresAt');
  if (errors.length > 0) return { kind: 'invalid', errors };
  const isSame = due.at === email.scheduled_at.getTime();
  const all = isSame ? changed : [...changed, 'scheduledAt'];
  return {
    kind: 'edit',
    edit: { changed: all, decided: decision.email, wish, dueAt: isSame ? null : new Date(due.at) },
  };
}

async function store(
  tx: Queryable,
  caller: Caller,
  email: EmailRow,
  copies: readonly LockedCopy[],
  edit: Edit,
): Promise<void> {
  const of = changeOf(caller, email);
  const { added, removed, staying } = compareRecipients(copies, edit.decided.recipients, recipientsOf(email));
  const contentChanged = edit.changed.some((field) => CONTENT_FIELDS.has(field));
  // One that was never tried leaves no trace; one that was is cancelled and stays, with its attempts.
  const untried = removed.filter(({ attempt }) => attempt === 0);
  const tried = removed.filter(({ attempt }) => attempt > 0);
  const total = copies.length - untried.length + added.length;
  const edited = editedEmail(edit, total, contentChanged);
  const updated = await updateEmail(tx, of.tenantId, of.emailId, edited);
  if (edited.attachments) await replaceAttachments(tx, { tenantId: of.tenantId, id: of.emailId }, edited.attachments);
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
  if (edit.changed.includes('tags')) await retagEmail(tx, of, email.tags, edited.tags);
  if (edit.changed.some((field) => DEADLINES.has(field))) {
    const open = staying.map(({ id }) => id);
    await setDeadlines(tx, of, open, edited);
  }
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

const editedEmail = ({ wish, decided, dueAt }: Edit, total: number, contentChanged: boolean): EditedEmail => ({
  from: written(wish.from),
  to: wish.to.map(written),
  cc: (wish.cc ?? []).map(written),
  bcc: (wish.bcc ?? []).map(written),
  replyTo: (wish.replyTo ?? []).map(written),
  subject: wish.subject,
  text: wish.text ?? null,
  html: wish.html ?? null,
  headers: wish.headers ?? {},
  attachments: wish.attachments ?? null,
  scheduledAt: dueAt,
  visibility: decided.visibility,
  onUnknown: decided.onUnknown,
  retryForSeconds: decided.retryForSeconds,
  expiresAt: wish.expiresAt === undefined ? null : new Date(wish.expiresAt),
  graceSeconds: decided.graceSeconds,
  onMissed: decided.onMissed,
  ownerId: wish.ownerId ?? null,
  tags: wish.tags ?? {},
  correlationKey: wish.correlationKey ?? null,
  total,
  contentChanged,
});
