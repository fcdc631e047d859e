import { inWhole } from './numbers.js';

const LEAST = { seconds: 1, one: 'a second', many: 'seconds' };
const SPANS = [
  { seconds: 86_400, one: 'a day', many: 'days' },
  { seconds: 3_600, one: 'an hour', many: 'hours' },
  { seconds: 60, one: 'a minute', many: 'minutes' },
  LEAST,
];
const UNITS = [
  { seconds: 86_400, name: 'd' },
  { seconds: 3_600, name: 'h' },
  { seconds: 60, name: 'min' },
  { seconds: 1, name: 's' },
] as const;

/** `45 s`, `3 min 20 s`, `2 h 5 min`: the two largest units, which is as much as one wants to know. */
export function durationInWords(ms: number): string {
  let rest = Math.max(0, Math.round(ms / 1_000));
  const parts = UNITS.map(({ seconds, name }) => {
    const count = Math.floor(rest / seconds);
    rest -= count * seconds;
    return { count, name };
  });
  const first = parts.findIndex(({ count }) => count > 0);
  if (first === -1) return '0 s';
  const shown = parts.slice(first, first + 2).filter(({ count }) => count > 0);
  return shown.map(({ count, name }) => `${count} ${name}`).join(' ');
}

/** When something is expected, from now: `in 45 s`; what should have been is `any moment`. */
export function untilInWords(instant: string, nowMs: number): string {
  const ms = Date.parse(instant) - nowMs;
  return ms < 1_000 ? 'any moment' : `in ${durationInWords(ms)}`;
}

/** A span as limits have it: `an hour`, `2 days`, `90 seconds`. */
export function spanInWords(seconds: number): string {
  const unit = SPANS.find((span) => seconds % span.seconds === 0) ?? LEAST;
  const count = seconds / unit.seconds;
  return count === 1 ? unit.one : `${inWhole(count)} ${unit.many}`;
}

/** When something goes on: `in 45 s`, else by the clock of whoever looks: `at 10:04`, `on 27 Nov at 10:04`. */
export function clockInWords(instant: string, nowMs: number): string {
  const at = new Date(instant);
  if (at.getTime() - nowMs < 60_000) return untilInWords(instant, nowMs);
  const time = at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  const day = at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
  const isToday = at.toDateString() === new Date(nowMs).toDateString();
  return isToday ? `at ${time}` : `on ${day} at ${time}`;
}

/** `12 Nov 2026, 09:00:03`, in the zone of whoever looks. */
export const instantInWords = (instant: string): string =>
  new Date(instant).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
