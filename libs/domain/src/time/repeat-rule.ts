import { WEEKDAYS } from './window.js';

/** A weekday, and where a month is divided, which of it: 1 the first, -1 the last; null: each. */
export interface RepeatDay {
  /** 0 is Monday. */
  readonly weekday: number;
  readonly nth: number | null;
}

/** A rule of RFC 5545 3.3.10, as far as campaigns repeat by it (interface 3.3). */
export interface RepeatRule {
  readonly frequency: 'DAILY' | 'WEEKLY' | 'MONTHLY';
  readonly interval: number;
  readonly byDay: readonly RepeatDay[];
  /** 1 to 31, or -1 to -31 from the end of the month. */
  readonly byMonthDay: readonly number[];
  /** How many runs in all; null: no end. */
  readonly count: number | null;
}

export type ParsedRule =
  { readonly kind: 'ok'; readonly rule: RepeatRule } | { readonly kind: 'bad'; readonly detail: string };

const PARTS = ['FREQ', 'INTERVAL', 'BYDAY', 'BYMONTHDAY', 'COUNT'] as const;
const FREQUENCIES = ['DAILY', 'WEEKLY', 'MONTHLY'] as const;
const MAX_TEXT = 200;
const MAX_INTERVAL = 1_000;
const MAX_COUNT = 10_000;

/** Reads `FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR`. */
export function parseRepeatRule(text: string): ParsedRule {
  const parts = readParts(text);
  if (typeof parts === 'string') return { kind: 'bad', detail: parts };
  const frequency = FREQUENCIES.find((name) => name === parts.get('FREQ'));
  if (!frequency) return { kind: 'bad', detail: `FREQ has to be one of ${FREQUENCIES.join(', ')}` };
  const interval = wholeNumber(parts.get('INTERVAL') ?? '1', MAX_INTERVAL);
  const count = parts.has('COUNT') ? wholeNumber(parts.get('COUNT') ?? '', MAX_COUNT) : null;
  const byDay = listOf(parts.get('BYDAY'), readDay);
  const byMonthDay = listOf(parts.get('BYMONTHDAY'), readMonthDay);
  if (interval === undefined) return { kind: 'bad', detail: `INTERVAL is from 1 to ${MAX_INTERVAL}` };
  if (count === undefined) return { kind: 'bad', detail: `COUNT is from 1 to ${MAX_COUNT}` };
  if (!byDay) return { kind: 'bad', detail: 'BYDAY is a list like MO,FR or, with MONTHLY, 1MO,-1FR' };
  if (!byMonthDay) return { kind: 'bad', detail: 'BYMONTHDAY is a list like 1,15,-1' };
  const wrong = conflictOf(frequency, byDay, byMonthDay);
  return wrong
    ? { kind: 'bad', detail: wrong }
    : { kind: 'ok', rule: { frequency, interval, byDay, byMonthDay, count } };
}

/** The parts by name, or what is wrong with them. */
function readParts(text: string): ReadonlyMap<string, string> | string {
  if (text.length > MAX_TEXT) return `is longer than ${MAX_TEXT} characters`;
  const parts = new Map<string, string>();
  for (const part of text.toUpperCase().split(';')) {
    const [name = '', value, ...more] = part.split('=');
    if (!PARTS.some((known) => known === name)) return `"${name}" is not one of ${PARTS.join(', ')}`;
    if (value === undefined || more.length > 0) return `${name} needs one value: ${name}=...`;
    if (parts.has(name)) return `${name} is there twice`;
    parts.set(name, value);
  }
  return parts;
}

function conflictOf(
  frequency: RepeatRule['frequency'],
  byDay: readonly RepeatDay[],
  byMonthDay: readonly number[],
): string | undefined {
  if (frequency === 'WEEKLY' && byMonthDay.length > 0) return 'BYMONTHDAY does not go with WEEKLY; use MONTHLY';
  if (frequency !== 'MONTHLY' && byDay.some(({ nth }) => nth !== null))
    return 'a numbered day like 1MO goes with MONTHLY only';
  return undefined;
}

function wholeNumber(text: string, max: number): number | undefined {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  return value >= 1 && value <= max ? value : undefined;
}

/** Empty where it is not there; undefined: not readable. */
function listOf<T>(text: string | undefined, read: (item: string) => T | undefined): T[] | undefined {
  if (text === undefined) return [];
  const items = text.split(',').map(read);
  return items.every((item) => item !== undefined) ? items : undefined;
}

function readDay(text: string): RepeatDay | undefined {
  const [, sign = '', digit, name = ''] = /^([+-]?)([1-5])?([A-Z]{2})$/.exec(text) ?? [];
  const weekday = WEEKDAYS.findIndex((day) => day.slice(0, 2).toUpperCase() === name);
  if (weekday < 0 || (sign !== '' && digit === undefined)) return undefined;
  return { weekday, nth: digit === undefined ? null : Number(`${sign}${digit}`) };
}

function readMonthDay(text: string): number | undefined {
  const value = /^[+-]?\d{1,2}$/.test(text) ? Number(text) : 0;
  return value !== 0 && Math.abs(value) <= 31 ? value : undefined;
}
