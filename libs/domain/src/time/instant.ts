/** What a text that should be an instant turned out to be. */
export type ParsedInstant =
  | { readonly kind: 'ok'; readonly at: number }
  | { readonly kind: 'bad'; readonly code: 'bad_time' | 'time_without_zone' | 'out_of_range'; readonly detail: string };

const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)$/;
const WITHOUT_ZONE = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?$/;
const END = Date.UTC(2100, 0, 1);

/**
 * Reads an RFC 3339 instant with `Z` or an offset, before the year 2100.
 * @returns milliseconds since 1970; digits behind the millisecond are cut
 */
export function parseInstant(text: string): ParsedInstant {
  const match = RFC_3339.exec(text);
  if (!match) {
    if (!WITHOUT_ZONE.test(text))
      return { kind: 'bad', code: 'bad_time', detail: `"${shown(text)}" is no RFC 3339 instant. ${EXAMPLE}` };
    return {
      kind: 'bad',
      code: 'time_without_zone',
      detail: `"${text}" has no offset or zone. Send "${text}Z" or "${text}+01:00".`,
    };
  }
  const [, year, month, day, hour, minute, second, fraction = '', zone = 'Z'] = match;
  const at = instant([year, month, day, hour, minute, second].map(Number), fraction, zone);
  if (at === undefined)
    return { kind: 'bad', code: 'bad_time', detail: `"${text}" is no time that exists. ${EXAMPLE}` };
  if (at >= END) return { kind: 'bad', code: 'out_of_range', detail: `"${text}" is not before the year 2100.` };
  return { kind: 'ok', at };
}

const EXAMPLE = 'Send for example "2027-01-05T09:00:00Z" or "2027-01-05T09:00:00+01:00".';
const shown = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

function instant(parts: readonly number[], fraction: string, zone: string): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  const local = Date.UTC(year, month - 1, day, hour, minute, second, Number(fraction.padEnd(3, '0').slice(0, 3)));
  const isReal =
    new Date(local).getUTCDate() === day && month >= 1 && month <= 12 && hour <= 23 && minute <= 59 && second <= 59;
  const offset = offsetMinutes(zone);
  return isReal && offset !== undefined ? local - offset * 60_000 : undefined;
}

function offsetMinutes(zone: string): number | undefined {
  if (zone === 'Z' || zone === 'z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4, 6));
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

/** How far in the past an instant may lie and still mean now: clocks differ, and requests travel. */
export const PAST_TOLERANCE_MS = 60_000;

export type DueAt =
  { readonly kind: 'due'; readonly at: number } | { readonly kind: 'in_past'; readonly detail: string };

/** The instant an email becomes due, given what was wished and what time it is; no wish means now. */
export function resolveDueAt(wish: number | null, now: number, allowPast: boolean): DueAt {
  if (wish === null || (wish <= now && (allowPast || now - wish <= PAST_TOLERANCE_MS))) return { kind: 'due', at: now };
  if (wish > now) return { kind: 'due', at: wish };
  const detail = `${new Date(wish).toISOString()} is past. Send a later instant, or "allowPast": true to send at once.`;
  return { kind: 'in_past', detail };
}
