import { zoneOf } from './zone.js';

/** A local time that exists in the calendar, as milliseconds since 1970-01-01T00:00 on the same clock: no instant yet. */
export type LocalMs = number & { readonly __brand: 'LocalMs' };

export type ParsedLocal =
  | { readonly kind: 'ok'; readonly local: LocalMs }
  | { readonly kind: 'bad'; readonly code: 'bad_time' | 'out_of_range'; readonly detail: string };

const LOCAL = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?$/;
const EXAMPLE = 'Send for example "2027-03-28T02:30", without an offset.';
const START = Date.UTC(1970, 0, 2);
/** A day before 2100, so that the instant is before it in every zone. */
const END = Date.UTC(2099, 11, 31);

/** Reads a local date and time: `2027-03-28T02:30`, seconds if need be, never an offset. */
export function parseLocal(text: string): ParsedLocal {
  const match = LOCAL.exec(text);
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  if (!match) return { kind: 'bad', code: 'bad_time', detail: `"${shown}" is no local time. ${EXAMPLE}` };
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const ms = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3));
  const local = Date.UTC(year, month - 1, day, hour, minute, second, ms);
  const isReal =
    new Date(local).getUTCDate() === day && month >= 1 && month <= 12 && hour <= 23 && minute <= 59 && second <= 59;
  if (!isReal) return { kind: 'bad', code: 'bad_time', detail: `"${text}" is no time that exists. ${EXAMPLE}` };
  if (local < START || local >= END)
    return { kind: 'bad', code: 'out_of_range', detail: `"${text}" is not between 1970-01-02 and 2099-12-30.` };
  return { kind: 'ok', local: local as LocalMs };
}

/** What the clocks of a zone show at an instant. */
export const localAt = (at: number, timeZone: string): LocalMs =>
  (at + zoneOf(timeZone).stretchAt(at).offset) as LocalMs;

/** `2027-03-28` */
export const dateOf = (local: LocalMs): string => new Date(local).toISOString().slice(0, 10);

const DAY = 86_400_000;

/**
 * The instant of a local time. Where clocks jump over it, it moves forward by as much as they do; where they show it
 * twice, it is the first time (semantics 5; RFC 5545 3.3.5 says the same).
 */
export function instantOf(local: LocalMs, timeZone: string): number {
  const zone = zoneOf(timeZone);
  // Offsets are less than a day: the two that can apply are those of a day before and a day after.
  const before = zone.stretchAt(local - DAY);
  const first = local - before.offset;
  if (first < before.until) return first;
  return afterChanges(local, timeZone, before.until, before.offset);
}

/** From a clock change on. Two changes may come within two days; three never did. */
function afterChanges(local: LocalMs, timeZone: string, change: number, offsetBefore: number): number {
  const stretch = zoneOf(timeZone).stretchAt(change);
  const at = local - stretch.offset;
  if (at < change) return local - offsetBefore; // in the gap: by the clock that went before
  if (at < stretch.until) return at;
  return afterChanges(local, timeZone, stretch.until, stretch.offset);
}
