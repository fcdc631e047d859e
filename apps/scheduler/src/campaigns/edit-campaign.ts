import {
  campaignStatus,
  type CampaignStatus,
  type FieldError,
  type Mailbox,
  type Pacing,
  type RepeatWish,
  type SendWindows,
} from '#domain';
import { type Caller, campaignView, invalid, Problem, requireVersion } from '#http';
import {
  appendOutbox,
  type CampaignRef,
  type CampaignRow,
  copiesMoved,
  emailUpdated,
  followOwner,
  holdCampaign,
  holdJob,
  lockAudience,
  lockClaimed,
  lockLine,
  lockPacedLimit,
  pairs,
  type Queryable,
  readNow,
  readSettings,
  replaceAttachments,
  requeueCopies,
  retagEmail,
  setPacing,
  updateEmail,
} from '#storage';
import { applyPatch, changedFields } from '../emails/apply-patch.js';
import { changeOf } from '../emails/change-of.js';
import { decideEmail, type DecidedEmail, type EmailWish, expiryErrors } from '../emails/decide-email.js';
import { written } from '../emails/fields.js';
import type { DefaultFrom } from '../settings/default-from.js';
import type { CampaignPatch } from './campaign.schema.js';
import { campaignIdOf, findCampaign, noSuchCampaign } from './campaign-of.js';
import { checkContent } from './content-errors.js';
import { decideStart, windowErrors } from './decide-start.js';
import { type RepeatChange, repeatAfter, repeatChange } from './repeat-after.js';
import { type NewContent, requireNeeds } from './require-needs.js';
import { asJob } from './steer-campaigns.js';

const CONTENT = new Set(['from', 'replyTo', 'subject', 'text', 'html', 'attachments', 'headers']);
const TIME = ['scheduledAt', 'schedule'] as const;
/** A million copies bear them: they are set with the campaign, or while it is a draft. */
const DEADLINES = ['expiresAt', 'graceSeconds', 'onMissed', 'retryForSeconds', 'onUnknown'] as const;
const FINAL: readonly CampaignStatus[] = ['completed', 'completed_with_errors', 'cancelled'];

interface Edit {
  readonly wish: EmailWish & { readonly from: Mailbox };
  readonly decided: DecidedEmail;
  readonly changed: readonly string[];
  readonly pacing: Pacing;
  readonly name: string | null;
  readonly needs: readonly string[];
  /** null: as it was. */
  readonly startAt: Date | null;
  readonly repeat: RepeatWish | null;
  /** undefined: as it was. */
  readonly nextRun: number | null | undefined;
}

/** Changes a campaign that has not come to its end; copies that are not armed get the new content. */
export class EditCampaign {
  constructor(private readonly defaultFrom: DefaultFrom) {}

  /** Throws `not_found`, `version_mismatch`, `state_conflict` and `validation_failed`. */
  async run(
    tx: Queryable,
    caller: Caller,
    id: string,
    patch: CampaignPatch,
    ifVersion: number | undefined,
  ): Promise<CampaignRow> {
    const campaign = { tenantId: caller.tenantId, id: campaignIdOf(id) };
    await holdCampaign(tx, campaign);
    await holdJob(tx, { ...campaign, id: asJob(campaign.id) });
    const email = await lockAudience(tx, campaign, caller.mode);
    if (!email) throw noSuchCampaign();
    await lockLine(tx, campaign); // a claim under way may take its first copies: whether its time has come is asked behind it
    const row = await findCampaign(tx, caller, id);
    requireVersion(ifVersion, row.version, campaignView(row));
    requireFit(row, patch);
    const from = patch.from === null ? await this.defaultFrom.of(caller.tenantId, tx) : patch.from;
    const settings = await readSettings(tx, caller.tenantId);
    const ofTenant = settings?.windows ?? [];
    const edit = decide(row, { ...patch, from }, { now: Math.floor(await readNow(tx)), ofTenant });
    if (edit.changed.length === 0) return row;
    await requireNeeds(tx, campaign, row, contentOf(edit));
    await store(tx, caller, campaign, { row, edit });
    return findCampaign(tx, caller, id);
  }
}

const contentOf = ({ wish: { subject, text, html }, needs }: Edit): NewContent => ({
  subject,
  text: text ?? null,
  html: html ?? null,
  needs,
});

function requireFit(row: CampaignRow, patch: CampaignPatch): void {
  const status = row.audience ? campaignStatus({ noted: row.status, ...row.audience }) : row.status;
  const asks = (fields: readonly (keyof CampaignPatch)[]) => fields.some((field) => patch[field] !== undefined);
  const current = { status, at: row.updated_at.toISOString() };
  if (FINAL.includes(status))
    throw new Problem('state_conflict', `It is "${status}": it cannot be changed any more.`, { current });
  if (asks(TIME) && status !== 'draft' && status !== 'scheduled')
    throw new Problem('state_conflict', `It is "${status}": its time can be changed before the start only.`, {
      current,
    });
  if (patch.repeat !== undefined && status !== 'draft' && (row.repeat === null || patch.repeat === null)) {
    const detail = 'whether it repeats can be changed in a draft only; a cancel ends it';
    throw new Problem('state_conflict', `It is "${status}": ${detail}.`, { current });
  }
  if (asks(DEADLINES) && status !== 'draft')
    throw new Problem('state_conflict', `It is "${status}": ${DEADLINES.join(', ')} can be changed in a draft only.`, {
      current,
    });
}

type Patch = Omit<CampaignPatch, 'from'> & { readonly from: Mailbox | undefined };

function decide(
  row: CampaignRow,
  patch: Patch,
  { now, ofTenant }: { readonly now: number; readonly ofTenant: SendWindows },
): Edit {
  const { name, pacing, repeat: repeatPatch, ...ofEmail } = patch;
  const wish = applyPatch(row, ofEmail);
  const email = decideEmail({ ...wish, to: [ANYBODY] });
  const content = checkContent(row.render, { subject: wish.subject, text: wish.text ?? null, html: wish.html ?? null });
  const start = startOf(patch, now);
  const repeat = repeatAfter(row.repeat, repeatPatch);
  const series: RepeatChange = repeatChange(row, { wish, repeat, patch }, now);
  const errors: FieldError[] = [
    ...(email.kind === 'invalid' ? email.errors : []),
    ...(content.kind === 'invalid' ? content.errors : []),
    ...(start.kind === 'invalid' ? start.errors : expiryErrors(wish, start.at ?? row.scheduled_at.getTime())),
    ...series.errors,
    ...(patch.windows === undefined ? [] : windowErrors(wish.windows ?? [], ofTenant, now)),
  ];
  if (errors.length > 0 || email.kind === 'invalid' || content.kind === 'invalid' || start.kind === 'invalid')
    throw invalid(errors);
  const startAt = series.startAt ?? start.at;
  const isMoved = startAt !== null && startAt !== row.scheduled_at.getTime();
  const paced = pacingAfter(row, pacing);
  const named = name === undefined ? row.name : name;
  const changed = [
    ...changedFields(row, { ...wish, to: [] }, email.email),
    ...(isMoved ? ['scheduledAt'] : []),
    ...(JSON.stringify(paced) === JSON.stringify(pacingOf(row)) ? [] : ['pacing']),
    ...(JSON.stringify(repeat) === JSON.stringify(row.repeat) ? [] : ['repeat']),
    ...(named === row.name ? [] : ['name']),
  ];
  return {
    wish,
    decided: email.email,
    changed: [...new Set(changed)],
    pacing: paced,
    name: named,
    needs: content.needs,
    startAt: isMoved ? new Date(startAt) : null,
    repeat,
    nextRun: series.nextRun,
  };
}

/** Stands for all recipients where the parts of the content are compared with each other. */
const ANYBODY: Mailbox = { name: null, address: 'anybody@example.com', key: 'anybody@example.com' };

/** null: its time stays. Without one it is now. */
function startOf(
  { scheduledAt, schedule, allowPast }: Patch,
  now: number,
):
  | { readonly kind: 'start'; readonly at: number | null }
  | Extract<ReturnType<typeof decideStart>, { kind: 'invalid' }> {
  if (scheduledAt === undefined && !schedule) return { kind: 'start', at: null };
  const wish = {
    scheduledAt: scheduledAt ?? undefined,
    schedule: schedule ?? undefined,
    allowPast: allowPast ?? undefined,
  };
  const start = decideStart(wish, now);
  return start.kind === 'start' ? { kind: 'start', at: start.at ?? now } : start;
}

const pacingOf = (row: CampaignRow): Pacing => ({
  delaySeconds: row.delay_seconds,
  hourlyLimit: row.hourly_limit,
  spread: row.spread,
  weight: row.weight,
});

const DEFAULT_PACING: Pacing = { delaySeconds: 0, hourlyLimit: null, spread: 'even', weight: 1 };

function pacingAfter(row: CampaignRow, patch: CampaignPatch['pacing']): Pacing {
  if (patch === null) return DEFAULT_PACING;
  const { delaySeconds, hourlyLimit, spread, weight } = patch ?? {};
  const was = pacingOf(row);
  const kept = <T>(one: T | null | undefined, fallback: T, stored: T) =>
    one === undefined ? stored : (one ?? fallback);
  return {
    delaySeconds: kept(delaySeconds, 0, was.delaySeconds),
    hourlyLimit: hourlyLimit === undefined ? was.hourlyLimit : hourlyLimit,
    spread: kept(spread, 'even', was.spread),
    weight: kept(weight, 1, was.weight),
  };
}

async function store(
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
  const isMoved = edit.startAt !== null && row.status !== 'draft' && edit.repeat === null;
  await setPacing(tx, campaign, { ...edit, startAt: edit.startAt, isMoved });
  if (changed.includes('pacing')) await lockPacedLimit(tx, campaign.tenantId, campaign.id, edit.pacing);
  await appendOutbox(tx, [
    ...copiesMoved(of, pairs(back.claimed, back.moved)),
    emailUpdated(of, changed, { version: updated.version, scheduledAt: updated.scheduled_at }),
  ]);
}

/** What was claimed with the old content waits in its line again: its work orders die at the gate. */
async function takeBack(tx: Queryable, campaign: CampaignRef) {
  const claimed = (await lockClaimed(tx, campaign)).filter(({ status }) => status === 'queued');
  const ids = claimed.map(({ id }) => id);
  return { claimed, moved: ids.length > 0 ? await requeueCopies(tx, campaign.tenantId, ids, null) : [] };
}
