import { instantOf, type LocalMs, localAt } from './local-time.js';
import type { RepeatRule } from './repeat-rule.js';

/** What repeats: when its first run may be, and by whose clock; until when. */
export interface Repeat {
  readonly rule: RepeatRule;
  /** The local time of day is that of all runs; the first run is on this day or later. */
  readonly start: LocalMs;
  readonly timeZone: string;
  /** The last instant at which a run may be; null: no end. Milliseconds since 1970. */
  readonly until: number | null;
}

const DAY = 86_400_000;
const END = Date.UTC(2100, 0, 1);

/** The first run after an instant; null: there is none any more. Milliseconds since 1970. */
export function nextRun(repeat: Repeat, after: number): number | null {
  for (const at of runsOf(repeat)) if (at > after) return at;
  return null;
}

/** The runs that a repeat has from its start: by the local clock, so that 09:00 stays 09:00 in summer and in winter. */
export function* runsOf({ rule, start, timeZone, until }: Repeat): Generator<number> {
  const time = ((start % DAY) + DAY) % DAY;
  const first = (start - time) / DAY;
  let left = rule.count ?? Infinity;
  for (const day of daysOf(rule, first)) {
    const at = instantOf((day * DAY + time) as LocalMs, timeZone);
    if (at >= END || (until !== null && at > until) || left === 0) return;
    left -= 1;
    yield at;
  }
}

/** Days since 1970, in order, from the first on. Ends before 2100, also where no day ever fits. */
function* daysOf(rule: RepeatRule, first: number): Generator<number> {
  for (let period = 0; ; period += rule.interval) {
    const days = DAYS_OF[rule.frequency](rule, first, period);
    if (days.start * DAY >= END) return;
    for (const day of days.fitting) if (day >= first) yield day;
  }
}

/** The days of a period that fit, in order, and the day it begins. */
interface Days {
  readonly start: number;
  readonly fitting: readonly number[];
}

/** By frequency: of the nth day, week or month from that of the first day. */
const DAYS_OF: Readonly<Record<RepeatRule['frequency'], (rule: RepeatRule, first: number, nth: number) => Days>> = {
  DAILY: (rule, first, nth) => {
    const day = first + nth;
    const { year, month, date } = partsOf(day);
    const fits = fitsWeekday(rule, day) && fitsMonthDay(rule, date, lengthOf(year, month));
    return { start: day, fitting: fits ? [day] : [] };
  },
  WEEKLY: (rule, first, nth) => {
    const start = first - weekdayOf(first) + nth * 7;
    const wanted = rule.byDay.length > 0 ? rule.byDay.map(({ weekday }) => weekday) : [weekdayOf(first)];
    return { start, fitting: inOrder(wanted).map((weekday) => start + weekday) };
  },
  MONTHLY: (rule, first, nth) => {
    const { year, month, date } = partsOf(first);
    const start = Date.UTC(year, month + nth, 1) / DAY;
    const length = lengthOf(year, month + nth);
    const all = Array.from({ length }, (_, index) => index + 1);
    const isPlain = rule.byDay.length === 0 && rule.byMonthDay.length === 0;
    const fits = (day: number) =>
      isPlain ? day === date : fitsMonthDay(rule, day, length) && fitsNthDay(rule, start + day - 1, day, length);
    return { start, fitting: all.filter(fits).map((day) => start + day - 1) };
  },
};

const inOrder = (numbers: readonly number[]): number[] => [...new Set(numbers)].toSorted((one, other) => one - other);

/** 0 is Monday; 1970 began on a Thursday. */
const weekdayOf = (day: number): number => (((day + 3) % 7) + 7) % 7;

const lengthOf = (year: number, month: number): number => new Date(Date.UTC(year, month + 1, 0)).getUTCDate();

function partsOf(day: number): { readonly year: number; readonly month: number; readonly date: number } {
  const at = new Date(day * DAY);
  return { year: at.getUTCFullYear(), month: at.getUTCMonth(), date: at.getUTCDate() };
}

const fitsWeekday = ({ byDay }: RepeatRule, day: number): boolean =>
  byDay.length === 0 || byDay.some(({ weekday }) => weekday === weekdayOf(day));

const fitsMonthDay = ({ byMonthDay }: RepeatRule, date: number, length: number): boolean =>
  byMonthDay.length === 0 || byMonthDay.some((wanted) => (wanted > 0 ? wanted : length + 1 + wanted) === date);

function fitsNthDay({ byDay }: RepeatRule, day: number, date: number, length: number): boolean {
  const fromStart = Math.ceil(date / 7);
  const fromEnd = -Math.ceil((length + 1 - date) / 7);
  return (
    byDay.length === 0 ||
    byDay.some(
      ({ weekday, nth }) => weekday === weekdayOf(day) && (nth === null || nth === fromStart || nth === fromEnd),
    )
  );
}

/** Where a repeat stands. */
export interface RepeatState {
  /** The instant of the last run that was started or given up. */
  readonly last: number;
  /** Its run is still going on. */
  readonly isBusy: boolean;
}

/** What a repeat does when the one before is still going on: leave it out, or start as soon as that has ended. */
export const OVERLAPS = ['skip', 'buffer_one'] as const;
export type Overlap = (typeof OVERLAPS)[number];

export type RepeatTurn =
  /** Nothing to do until then; null: never again. */
  | { readonly kind: 'wait'; readonly next: number | null }
  /** Start this run; `missed` runs before it are not made up. */
  | { readonly kind: 'run'; readonly run: number; readonly missed: number }
  /** Note this run as given up: the one before is still going on. */
  | { readonly kind: 'skip'; readonly run: number; readonly missed: number }
  /** Ask again when the one before has ended. */
  | { readonly kind: 'hold'; readonly run: number };

/** What a repeat does now: of all runs that were missed only the latest is caught up (semantics 5). */
export function decideRepeat(repeat: Repeat, state: RepeatState, overlap: Overlap, now: number): RepeatTurn {
  let missed = -1;
  let run = 0;
  for (const at of runsOf(repeat)) {
    if (at <= state.last) continue;
    if (at > now) return missed < 0 ? { kind: 'wait', next: at } : turnOf(run, missed, state, overlap);
    missed += 1;
    run = at;
  }
  return missed < 0 ? { kind: 'wait', next: null } : turnOf(run, missed, state, overlap);
}

function turnOf(run: number, missed: number, { isBusy }: RepeatState, overlap: Overlap): RepeatTurn {
  if (!isBusy) return { kind: 'run', run, missed };
  return overlap === 'skip' ? { kind: 'skip', run, missed } : { kind: 'hold', run };
}

/** A repeat whose first run is at an instant, by the clock of a zone. */
export const repeatFrom = (rule: RepeatRule, startAt: number, timeZone: string, until: number | null): Repeat => ({
  rule,
  start: localAt(startAt, timeZone),
  timeZone,
  until,
});
