import type { Caller } from '#http';
import {
  addCopies,
  appendOutbox,
  cancelCopies,
  copiesCancelled,
  copiesMoved,
  type EditedEmail,
  type EmailRow,
  emailUpdated,
  type LockedCopy,
  pairs,
  type Queryable,
  removeCopies,
  replaceAttachments,
  requeueCopies,
  retagEmail,
  setDeadlines,
  updateEmail,
} from '#storage';
import { recipientsOf } from './apply-patch.js';
import { changeOf } from './change-of.js';
import { compareRecipients } from './compare-recipients.js';
import { dataOf } from './content-errors.js';
import { newCopy } from './draft-email.js';
import { written } from './fields.js';
import { changesContent, type Edit } from './rules-of-edit.js';

/** Copies have them, too. */
const DEADLINES = new Set(['graceSeconds', 'expiresAt']);

/** Writes an edit of an email whose copies are locked, and tells of it. */
export async function storeEdit(
  tx: Queryable,
  caller: Caller,
  email: EmailRow,
  copies: readonly LockedCopy[],
  edit: Edit,
): Promise<void> {
  const of = changeOf(caller, email);
  const { added, removed, staying } = compareRecipients(copies, edit.decided.recipients, recipientsOf(email));
  const contentChanged = changesContent(edit);
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
