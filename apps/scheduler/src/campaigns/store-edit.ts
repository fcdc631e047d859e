import { isRecipientLocal, RECIPIENT } from '#domain';
import type { Caller } from '#http';
import {
  appendOutbox,
  type CampaignRef,
  type CampaignRow,
  copiesMoved,
  emailUpdated,
  followOwner,
  lockClaimed,
  lockPacedLimit,
  pairs,
  type Queryable,
  replaceAttachments,
  requeueCopies,
  retagEmail,
  setPacing,
  updateEmail,
} from '#storage';
import { changeOf } from '../emails/change-of.js';
import { written } from '../emails/fields.js';
import { type Edit, statusNow } from './rules-of-edit.js';

const CONTENT = new Set(['from', 'replyTo', 'subject', 'text', 'html', 'attachments', 'headers']);

/** Writes an edit of a campaign that is held, and tells of it. */
export async function storeEdit(
  tx: Queryable,
  caller: Caller,
  campaign: CampaignRef,
  { row, edit }: { readonly row: CampaignRow; readonly edit: Edit },
): Promise<void> {
  const of = changeOf(caller, row);
  const { wish, decided, changed } = edit;
  const contentChanged = changed.some((field) => CONTENT.has(field));
  const updated = await updateEmail(tx, campaign.tenantId, campaign.id, {
    from: written(wish.from),
    to: [],
    cc: [],
    bcc: [],
    replyTo: (wish.replyTo ?? []).map(written),
    subject: wish.subject,
    text: wish.text ?? null,
    html: wish.html ?? null,
    render: row.render,
    data: null,
    headers: wish.headers ?? {},
    attachments: wish.attachments ?? null,
    scheduledAt: edit.startAt,
    wish: wish.schedule ?? null,
    windows: wish.windows ?? [],
    visibility: 'individual',
    onUnknown: decided.onUnknown,
    retryForSeconds: decided.retryForSeconds,
    expiresAt: wish.expiresAt === undefined ? null : new Date(wish.expiresAt),
    graceSeconds: decided.graceSeconds,
    onMissed: decided.onMissed,
    ownerId: wish.ownerId ?? null,
    tags: wish.tags ?? {},
    correlationKey: wish.correlationKey ?? null,
    total: 0,
    contentChanged,
  });
  if (wish.attachments) await replaceAttachments(tx, campaign, wish.attachments);
  if (changed.includes('ownerId')) await followOwner(tx, campaign);
  if (changed.includes('tags')) await retagEmail(tx, of, row.tags, wish.tags ?? {});
  // First: what comes back calls its line, and the time of that is set last.
  const back = contentChanged && row.status !== 'draft' ? await takeBack(tx, campaign) : { claimed: [], moved: [] };
  const isMoved = row.status !== 'draft' && edit.repeat === null && (edit.startAt !== null || movesCopies(row, edit));
  await setPacing(tx, campaign, { ...edit, startAt: edit.startAt, isMoved });
  if (changed.includes('pacing')) await lockPacedLimit(tx, campaign.tenantId, campaign.id, edit.pacing);
  await appendOutbox(tx, [
    ...copiesMoved(of, pairs(back.claimed, back.moved)),
    emailUpdated(of, changed, { version: updated.version, scheduledAt: updated.scheduled_at }),
  ]);
}

/**
 * Whether copies that are made already wait for windows that are others now. Where local times are past, their copies have
 * their instants for good: another look would put them to the next day.
 */
function movesCopies(row: CampaignRow, { wish, changed }: Edit): boolean {
  const windows = [...row.windows, ...(wish.windows ?? [])];
  if (!changed.includes('windows') || !windows.some(({ timeZone }) => timeZone === RECIPIENT)) return false;
  return statusNow(row) === 'scheduled' || row.wish === null || !isRecipientLocal(row.wish);
}

/** What was claimed with the old content waits in its line again: its work orders die at the gate. */
async function takeBack(tx: Queryable, campaign: CampaignRef) {
  const claimed = (await lockClaimed(tx, campaign)).filter(({ status }) => status === 'queued');
  const ids = claimed.map(({ id }) => id);
  return { claimed, moved: ids.length > 0 ? await requeueCopies(tx, campaign.tenantId, ids, null) : [] };
}
