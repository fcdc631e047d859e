import { Temporal } from 'temporal-polyfill';

export interface CalendarWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

const DAY_SECONDS = 86_400;
const WEEK_SECONDS = 7 * DAY_SECONDS;

/** Whether a calendar has windows of this length: parts of a day that fill it, a day, a week that begins on Monday. */
export const isCalendarWindow = (seconds: number): boolean =>
  seconds === WEEK_SECONDS || (seconds > 0 && DAY_SECONDS % seconds === 0);

/** The windows of a calendar; they begin with the local day, and the last one of a day ends with it. */
export function calendarWindows(seconds: number, timeZone: string): { readonly at: (ms: number) => CalendarWindow } {
  let last: CalendarWindow | undefined;
  return {
    at: (ms) => {
      if (!last || ms < last.fromMs || ms >= last.toMs) last = windowAt(ms, seconds, timeZone);
      return last;
    },
  };
}

function windowAt(ms: number, seconds: number, timeZone: string): CalendarWindow {
  const local = Temporal.Instant.fromEpochMilliseconds(Math.floor(ms)).toZonedDateTimeISO(timeZone);
  if (seconds === WEEK_SECONDS) {
    const monday = local
      .startOfDay()
      .subtract({ days: local.dayOfWeek - 1 })
      .startOfDay();
    return { fromMs: monday.epochMilliseconds, toMs: monday.add({ days: 7 }).startOfDay().epochMilliseconds };
  }
  // Where clocks change, a day has an hour more or less: its windows are counted in real time, as whoever waits does.
  const day = local.startOfDay().epochMilliseconds;
  const tomorrow = local.startOfDay().add({ days: 1 }).startOfDay().epochMilliseconds;
  if (seconds === DAY_SECONDS) return { fromMs: day, toMs: tomorrow };
  const fromMs = day + Math.floor((ms - day) / (seconds * 1000)) * seconds * 1000;
  return { fromMs, toMs: Math.min(fromMs + seconds * 1000, tomorrow) };
}
