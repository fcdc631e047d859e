import { UTC, zoneOf } from './zone.js';
import { RECIPIENT } from './wish.js';

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** When may be sent: on these days, from one time of the local clock to just before another (interface 3.3). */
export interface SendWindow {
  readonly days: readonly Weekday[];
  /** `09:00` */
  readonly from: string;
  /** `17:30`, at most `24:00`; before `from`: on the next day. */
  readonly to: string;
  /** IANA, or `recipient`. */
  readonly timeZone: string;
}

/** Open while any of its windows is; without windows, always. */
export type SendWindows = readonly SendWindow[];

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const WEEK = 7 * DAY;
/** 1970 began on a Thursday. */
const MONDAY = 3 * DAY;

/** Part of a week by the local clock: milliseconds since Monday 00:00, the end not in it. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** Windows of one zone as the spans of a week: in order, apart from each other. null: the recipient's. */
interface Week {
  readonly timeZone: string | null;
  readonly spans: readonly Span[];
}

/** Milliseconds since midnight; undefined: no time of day. `24:00` is the end of one. */
export function timeOfDay(text: string): number | undefined {
  const match = /^(\d\d):(\d\d)$/.exec(text);
  if (!match) return undefined;
  const [hours, minutes] = [Number(match[1]), Number(match[2])];
  const isReal = minutes <= 59 && (hours <= 23 || (hours === 24 && minutes === 0));
  return isReal ? (hours * 60 + minutes) * MINUTE : undefined;
}

/** Whether all windows are open at an instant: whether the local clock of each shows a time inside. */
export const isWindowOpen = (at: number, all: readonly SendWindows[], recipientZone: string): boolean =>
  all.every((windows) => openingOf(windows, at, recipientZone) === at);

/** How far ahead an opening is looked for: all weekdays and both clock changes come within. */
const HORIZON = 400 * DAY;

/**
 * The first instant, `at` or later, at which all windows are open: the tenant's, the campaign's, a contact's. Give the
 * same array for all recipients of an email: what was found out about it is kept with it.
 * @returns milliseconds since 1970; null: they have nothing in common
 */
export function nextOpening(at: number, all: readonly SendWindows[], recipientZone: string): number | null {
  const known = shutTimes.get(all) ?? new Map<string, Shut>();
  const shut = known.get(recipientZone);
  if (shut && at >= shut.from && at <= (shut.opening ?? shut.from + HORIZON)) return shut.opening;
  const opening = commonOpening(at, all, recipientZone);
  shutTimes.set(all, known.set(recipientZone, { from: at, opening }));
  return opening;
}

/** A time in which nothing is open until an opening; null: nothing was found within the horizon. */
interface Shut {
  readonly from: number;
  readonly opening: number | null;
}

/** The last answer by zone: windows that have little in common take a look at every day of many months. */
const shutTimes = new WeakMap<readonly SendWindows[], Map<string, Shut>>();

/** Each is asked in turn for its next opening, until nobody moves it any more. */
function commonOpening(at: number, all: readonly SendWindows[], recipientZone: string): number | null {
  let open = at;
  for (let agreed = 0, turn = 0; agreed < all.length; turn += 1) {
    const next = openingOf(all[turn % all.length] ?? [], open, recipientZone);
    if (next > at + HORIZON) return null;
    agreed = next === open ? agreed + 1 : 1;
    open = next;
  }
  return open;
}

/** A zone for each offset in use: for windows that follow whoever receives. */
const ALL_OFFSETS = [
  'Pacific/Pago_Pago Pacific/Honolulu Pacific/Marquesas America/Anchorage America/Los_Angeles America/Denver',
  'America/Chicago America/New_York America/Halifax America/St_Johns America/Sao_Paulo America/Noronha Atlantic/Azores',
  'UTC Europe/Berlin Africa/Cairo Africa/Nairobi Asia/Tehran Asia/Dubai Asia/Kabul Asia/Karachi Asia/Kolkata',
  'Asia/Kathmandu Asia/Dhaka Asia/Yangon Asia/Bangkok Asia/Shanghai Australia/Eucla Asia/Tokyo Australia/Adelaide',
  'Australia/Sydney Australia/Lord_Howe Pacific/Noumea Pacific/Auckland Pacific/Chatham Pacific/Tongatapu Pacific/Kiritimati',
].flatMap((line) => line.split(' '));

/** Whether all windows are ever open together, somewhere in the world for those that follow the recipient. */
export function haveCommonOpening(all: readonly SendWindows[], now: number): boolean {
  const followsRecipient = all.flat().some(({ timeZone }) => timeZone === RECIPIENT);
  return (followsRecipient ? ALL_OFFSETS : [UTC]).some((zone) => nextOpening(now, all, zone) !== null);
}

/** The first instant, `at` or later, at which one of some windows is open; without windows, `at`. */
function openingOf(windows: SendWindows, at: number, recipientZone: string): number {
  const weeks = weeksOf(windows);
  if (weeks.length === 0) return at;
  let first = Infinity;
  for (const { timeZone, spans } of weeks) first = Math.min(first, openingIn(spans, at, timeZone ?? recipientZone));
  return first;
}

/** Infinity: none within the horizon, which only a window that clocks jump over each week could cause. */
function openingIn(spans: readonly Span[], at: number, timeZone: string): number {
  const zone = zoneOf(timeZone);
  for (let from = at; from <= at + HORIZON;) {
    const { offset, until } = zone.stretchAt(from);
    const opening = from + untilOpen(spans, from + offset);
    if (opening < until) return opening;
    from = until; // the clocks change before: look at them anew
  }
  return Infinity;
}

/** Milliseconds from a local time to the next one inside. */
function untilOpen(spans: readonly Span[], local: number): number {
  const time = (((local + MONDAY) % WEEK) + WEEK) % WEEK;
  for (const { from, to } of spans) if (time < to) return Math.max(from - time, 0);
  return WEEK - time + (spans[0]?.from ?? Infinity);
}

/** Kept as long as the windows are: an email's or a campaign's are asked for each of its recipients. */
const compiled = new WeakMap<SendWindows, readonly Week[]>();

function weeksOf(windows: SendWindows): readonly Week[] {
  const found = compiled.get(windows);
  if (found) return found;
  const zones = new Set(windows.map(({ timeZone }) => timeZone));
  const weeks = [...zones].map((timeZone) => ({
    timeZone: timeZone === RECIPIENT ? null : timeZone,
    spans: joined(windows.filter((window) => window.timeZone === timeZone).flatMap(spansOf)),
  }));
  compiled.set(windows, weeks);
  return weeks;
}

function spansOf(window: SendWindow): Span[] {
  const [from, to] = [timeOfDay(window.from), timeOfDay(window.to)];
  if (from === undefined || to === undefined) throw new Error('a window that nobody checked');
  const length = to > from ? to - from : to - from + DAY;
  return window.days.flatMap((day) => {
    const start = WEEKDAYS.indexOf(day) * DAY + from;
    const end = start + length;
    return end <= WEEK
      ? [{ from: start, to: end }]
      : [
          { from: start, to: WEEK },
          { from: 0, to: end - WEEK },
        ];
  });
}

/** In order; what overlaps or touches is one. */
function joined(spans: readonly Span[]): Span[] {
  const all: Span[] = [];
  for (const span of spans.toSorted((one, other) => one.from - other.from)) {
    const last = all.at(-1);
    if (last && span.from <= last.to) all[all.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    else all.push(span);
  }
  return all;
}
