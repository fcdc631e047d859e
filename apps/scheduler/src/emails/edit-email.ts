import { decideEdit, type EmailId, type FieldError, type Mailbox, type TooLate } from '#domain';
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
import type { DefaultFrom, TenantChoices } from '../settings/default-from.js';
import { applyPatch, changedFields, type PatchWithSender, recipientsOf } from './apply-patch.js';
import { changeOf } from './change-of.js';
import { compareRecipients } from './compare-recipients.js';
import { contentErrors, dataOf } from './content-errors.js';
import { decideEmail, type DecidedEmail, type EmailWish, expiryErrors } from './decide-email.js';
import type { EmailPatch } from './email.schema.js';
import { decideOpening, decideWhen, type When } from './decide-when.js';
import { written } from './fields.js';
import { newCopy } from './schedule-email.js';

export type Edited =
  | { readonly kind: 'edited'; readonly email: EmailRow }
  | { readonly kind: 'too_late'; readonly code: TooLate; readonly email: EmailRow }
  | { readonly kind: 'audience'; readonly email: EmailRow }
  | { readonly kind: 'stale'; readonly email: EmailRow }
  | { readonly kind: 'invalid'; readonly errors: readonly FieldError[] }
  | { readonly kind: 'not_found' };

/** What the rules decided that an edit does. */
interface Edit {
  readonly changed: readonly string[];
  readonly decided: DecidedEmail;
  readonly wish: EmailWish & { readonly from: Mailbox };
  /** null: as it was. */
  readonly scheduledAt: Date | null;
  /** When its copies are due from now on; null: when they were. */
  readonly dueAt: Date | null;
  /** When copies are due that come with it. */
  readonly newcomersDueAt: Date;
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
  'render',
  'data',
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
    if (email && email.kind !== 'single') return { kind: 'audience', email };
    if (!email || copies.length === 0) return { kind: 'not_found' };
    if (ifVersion !== undefined && ifVersion !== email.version) return { kind: 'stale', email };
    const choices = await this.defaultFrom.choices(tenantId, tx);
    const from = patch.from === null ? choices.from : patch.from;
    const edit = decide(email, { ...patch, from }, choices, await readNow(tx));
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
  choices: TenantChoices,
  now: number,
): { kind: 'edit'; edit: Edit } | { kind: 'invalid'; errors: readonly FieldError[] } {
  const wish = applyPatch(email, patch);
  const decision = decideEmail(wish);
  if (decision.kind === 'invalid') return decision;
  const contentProblems = contentErrors(wish);
  if (contentProblems.length > 0) return { kind: 'invalid', errors: contentProblems };
  const changed = changedFields(email, wish, decision.email);
  const was = email.scheduled_at.getTime();
  const when = whenAfter({ was, changed, wish, patch }, choices, Math.floor(now));
  if (when.kind === 'invalid') return when;
  const { scheduledAt, dueAt } = when;
  const pointer = patch.expiresAt === undefined ? timePointer(patch) : '/expiresAt';
  const errors = pointer === null ? [] : expiryErrors(wish, dueAt, pointer);
  if (errors.length > 0) return { kind: 'invalid', errors };
  const isSame = scheduledAt === was;
  const all = isSame ? changed : [...changed, 'scheduledAt'];
  const moves = !isSame || changed.includes('windows');
  const opening = moves ? when : decideOpening(wish, choices, Math.max(was, now));
  const times = {
    scheduledAt: isSame ? null : new Date(scheduledAt),
    dueAt: moves ? new Date(dueAt) : null,
    newcomersDueAt: new Date(opening.kind === 'when' && opening.dueAt > now ? opening.dueAt : scheduledAt),
  };
  return { kind: 'edit', edit: { changed: all, decided: decision.email, wish, ...times } };
}

/** Which field of a patch says a time; null: none. */
function timePointer({ scheduledAt, schedule, windows }: PatchWithSender): string | null {
  if (schedule) return '/schedule';
  if (scheduledAt !== undefined) return '/scheduledAt';
  return windows === undefined ? null : '/windows';
}

/** When it goes: as the patch says, or at its time as before, as far as its windows let it. */
function whenAfter(
  { was, changed, wish, patch }: { was: number; changed: readonly string[]; wish: EmailWish; patch: PatchWithSender },
  choices: TenantChoices,
  now: number,
): When {
  const { windows, class: emailClass } = wish;
  if (patch.scheduledAt !== undefined || patch.schedule) {
    const { scheduledAt, schedule, allowPast } = patch;
    return decideWhen({ scheduledAt, schedule, allowPast, windows, class: emailClass }, choices, now);
  }
  if (!changed.includes('windows')) return { kind: 'when', scheduledAt: was, dueAt: was };
  const opening = decideOpening(wish, choices, Math.max(was, now));
  return opening.kind === 'when' ? { ...opening, scheduledAt: was } : opening;
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
    edit.dueAt && edit.dueAt > updated.scheduled_at ? 'window' : null,
  );
  await addCopies(
    tx,
    { tenantId: of.tenantId, id: of.emailId, lane: edit.decided.lane, mode: of.mode },
    added.map(newCopy),
    edit.newcomersDueAt,
  );
  const gone = untried.map((copy) => ({ before: copy, after: { ...copy, version: copy.version + 1 } }));
  await appendOutbox(tx, [
    ...copiesCancelled(of, [...gone, ...pairs(tried, cancelled)], 'cancelled_by_user'),
    ...copiesMoved(of, pairs(staying, moved)),
    emailUpdated(of, edit.changed, { version: updated.version, scheduledAt: updated.scheduled_at }),
  ]);
}

const editedEmail = ({ wish, decided, scheduledAt }: Edit, total: number, contentChanged: boolean): EditedEmail => ({
  from: written(wish.from),
  to: wish.to.map(written),
  cc: (wish.cc ?? []).map(written),
  bcc: (wish.bcc ?? []).map(written),
  replyTo: (wish.replyTo ?? []).map(written),
  subject: wish.subject,
  text: wish.text ?? null,
  html: wish.html ?? null,
  render: wish.render ?? 'none',
  data: dataOf(wish),
  headers: wish.headers ?? {},
  attachments: wish.attachments ?? null,
  scheduledAt,
  wish: wish.schedule ?? null,
  windows: wish.windows ?? [],
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
