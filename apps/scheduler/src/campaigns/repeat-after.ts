import { type FieldError, nextRun, type RepeatWish, seriesOf } from '#domain';
import type { CampaignRow } from '#storage';
import type { EmailWish } from '../emails/decide-email.js';
import type { CampaignPatch } from './campaign.schema.js';
import { decideSeries, noRun } from './decide-series.js';
import { storedUntil } from './repeat.schema.js';

/** How a campaign repeats after a patch; null: not at all, or no rule is known. */
export function repeatAfter(was: RepeatWish | null, patch: CampaignPatch['repeat']): RepeatWish | null {
  if (patch === undefined) return was;
  const rule = patch?.rule ?? was?.rule;
  if (patch === null || rule === undefined) return null;
  const { until, overlap } = patch;
  return {
    rule,
    until: until === undefined ? (was?.until ?? null) : storedUntil(until),
    overlap: overlap === undefined ? (was?.overlap ?? 'skip') : (overlap ?? 'skip'),
  };
}

/** What a patch does to the runs of a campaign; what is null or undefined stays. */
export interface RepeatChange {
  readonly errors: readonly FieldError[];
  readonly startAt: number | null;
  readonly nextRun: number | null | undefined;
}

const NOTHING: RepeatChange = { errors: [], startAt: null, nextRun: undefined };
const failed = (...errors: readonly FieldError[]): RepeatChange => ({ ...NOTHING, errors });

interface Change {
  readonly wish: EmailWish;
  readonly repeat: RepeatWish | null;
  readonly patch: Pick<CampaignPatch, 'scheduledAt' | 'schedule' | 'expiresAt' | 'repeat'>;
}

/** The runs after a patch: from another start on, or by another rule from now on. */
export function repeatChange(row: CampaignRow, { wish, repeat, patch }: Change, now: number): RepeatChange {
  if (patch.repeat && !repeat)
    return failed({ pointer: '/repeat/rule', code: 'required', detail: 'how does it repeat?' });
  if (!repeat) return NOTHING;
  const isTimed = patch.scheduledAt !== undefined || patch.schedule !== undefined;
  if (!isTimed && patch.repeat === undefined && patch.expiresAt === undefined) return NOTHING;
  const { schedule, expiresAt } = wish;
  const hasBegun = row.status !== 'draft' && row.scheduled_at.getTime() <= now;
  if (hasBegun) return laterRuns(row, repeat, now);
  if (!isTimed && row.status === 'draft' && expiresAt === undefined) return NOTHING; // it is looked at when it starts
  const scheduledAt = patch.scheduledAt ?? (isTimed ? undefined : row.scheduled_at.getTime());
  const decided = decideSeries(repeat, { scheduledAt, schedule, expiresAt }, now);
  if (decided.kind === 'invalid') return failed(...decided.errors);
  return { errors: [], startAt: decided.first, nextRun: row.status === 'draft' ? undefined : decided.first };
}

function laterRuns(row: CampaignRow, repeat: RepeatWish, now: number): RepeatChange {
  const runs = seriesOf(repeat, row.wish, row.scheduled_at.getTime());
  const next = nextRun(runs, now);
  return next === null ? failed(noRun(repeat)) : { ...NOTHING, nextRun: next };
}
