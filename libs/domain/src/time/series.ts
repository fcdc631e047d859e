import { PAST_TOLERANCE_MS } from './instant.js';
import { dateOf, instantOf, type LocalMs, localAt, parseLocal } from './local-time.js';
import { type Overlap, type Repeat, runsOf } from './repeat.js';
import { parseRepeatRule, type RepeatRule } from './repeat-rule.js';
import { isRecipientLocal, type Wish } from './wish.js';

/** How a campaign repeats, as it was wished and is stored (interface 3.3). */
export interface RepeatWish {
  /** Readable by `parseRepeatRule`. */
  readonly rule: string;
  /** RFC 3339; null: no end but that of the rule. */
  readonly until: string | null;
  readonly overlap: Overlap;
}

/** Where a day begins first: by its clock runs for recipients all over the world begin. */
export const FIRST_ZONE = 'Pacific/Kiritimati';
const DAY = 86_400_000;
/** From the first zone to the last: so long the local time of a run is still ahead of somebody. */
const AROUND_THE_WORLD = 25 * 3_600_000;

/**
 * The repeat that starts on the day of an instant: with a schedule at its time of day by its clock, also where its first day has
 * no such time; an instant has no zone, so it repeats by UTC.
 */
export function seriesOf({ rule, until }: RepeatWish, schedule: Wish | null, startAt: number): Repeat {
  const timeZone = zoneOfRuns(schedule);
  const local = localAt(startAt, timeZone);
  const start = schedule ? ((local - timeOf(local) + timeOf(readLocal(schedule.local))) as LocalMs) : local;
  return { rule: readRule(rule), start, timeZone, until: until === null ? null : Date.parse(until) };
}

/** The instant of a schedule by the clock that its runs go by. */
export const startOfSeries = (schedule: Wish): number => instantOf(readLocal(schedule.local), zoneOfRuns(schedule));

/** The first run of a repeat that is not past for everybody; null: there is none. */
export function firstRun(repeat: Repeat, schedule: Wish | null, now: number): number | null {
  const patience = PAST_TOLERANCE_MS + (schedule && isRecipientLocal(schedule) ? AROUND_THE_WORLD : 0);
  for (const at of runsOf(repeat)) if (at >= now - patience) return at;
  return null;
}

/** The schedule of one run: the time of day that was wished, on its day. */
export function scheduleOfRun(schedule: Wish, run: number): Wish {
  const time = schedule.local.slice('2027-03-28'.length);
  return { ...schedule, local: `${dateOf(localAt(run, zoneOfRuns(schedule)))}${time}` };
}

/** By whose clock the runs of a campaign go. */
export const zoneOfRuns = (schedule: Wish | null): string =>
  schedule ? (isRecipientLocal(schedule) ? FIRST_ZONE : schedule.timeZone) : 'UTC';

const timeOf = (local: LocalMs): number => ((local % DAY) + DAY) % DAY;

function readRule(text: string): RepeatRule {
  const parsed = parseRepeatRule(text);
  if (parsed.kind === 'bad') throw new Error('a rule that nobody checked');
  return parsed.rule;
}

function readLocal(text: string): LocalMs {
  const parsed = parseLocal(text);
  if (parsed.kind === 'bad') throw new Error('a wish that nobody checked');
  return parsed.local;
}
