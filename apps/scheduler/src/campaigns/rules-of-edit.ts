import {
  campaignStatus,
  type CampaignStatus,
  type FieldError,
  type Mailbox,
  type Pacing,
  type RepeatWish,
  type SendWindows,
} from '#domain';
import { invalid, Problem } from '#http';
import type { CampaignRow } from '#storage';
import { applyPatch, changedFields } from '../emails/apply-patch.js';
import { decideEmail, type DecidedEmail, type EmailWish, expiryErrors } from '../emails/decide-email.js';
import type { CampaignPatch } from './campaign.schema.js';
import { checkContent } from './content-errors.js';
import { decideStart, windowErrors } from './decide-start.js';
import { pacingAfter, pacingOf } from './pacing-after.js';
import { type RepeatChange, repeatAfter, repeatChange } from './repeat-after.js';

const TIME = ['scheduledAt', 'schedule'] as const;
/** A million copies bear them: they are set with the campaign, or while it is a draft. */
const DEADLINES = ['expiresAt', 'graceSeconds', 'onMissed', 'retryForSeconds', 'onUnknown'] as const;
const FINAL: readonly CampaignStatus[] = ['completed', 'completed_with_errors', 'cancelled'];

/** What the rules decided that an edit does. */
export interface Edit {
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

/** Where a campaign stands now; what is noted of it is of when it was last acted on. */
export const statusNow = (row: CampaignRow): CampaignStatus =>
  row.audience ? campaignStatus({ noted: row.status, ...row.audience }) : row.status;

/** Throws `state_conflict` where a campaign is too far for what a patch asks. */
export function requireFit(row: CampaignRow, patch: CampaignPatch): void {
  const status = statusNow(row);
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

/** What a patch does to a campaign. Throws `validation_failed`. */
export function rulesOfEdit(
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
