import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RRuleTemporal } from 'rrule-temporal';
import { localAt } from './local-time.js';
import { decideRepeat, nextRun, type Repeat, repeatFrom, runsOf } from './repeat.js';
import { parseRepeatRule, type RepeatRule } from './repeat-rule.js';

const START = Date.UTC(2027, 2, 1, 8); // a Monday, 09:00 in Berlin
const HOUR = 3_600_000;

function ruleOf(text: string): RepeatRule {
  const parsed = parseRepeatRule(text);
  if (parsed.kind === 'bad') throw new Error(parsed.detail);
  return parsed.rule;
}
const repeat = (text: string, until: number | null = null): Repeat =>
  repeatFrom(ruleOf(text), START, 'Europe/Berlin', until);
const first = (text: string, count: number): string[] =>
  [...take(runsOf(repeat(text)), count)].map((at) => new Date(localAt(at, 'Europe/Berlin')).toISOString().slice(0, 16));
function* take(runs: Iterable<number>, count: number): Generator<number> {
  let left = count;
  for (const run of runs) {
    if (left === 0) return;
    left -= 1;
    yield run;
  }
}

describe('a repeat', () => {
  it.each<[string, string[]]>([
    ['FREQ=DAILY', ['2027-03-01T09:00', '2027-03-02T09:00', '2027-03-03T09:00']],
    [
      'FREQ=WEEKLY;BYDAY=MO',
      ['2027-03-01T09:00', '2027-03-08T09:00', '2027-03-15T09:00', '2027-03-22T09:00', '2027-03-29T09:00'],
    ],
    ['FREQ=WEEKLY;INTERVAL=2;BYDAY=FR,MO', ['2027-03-01T09:00', '2027-03-05T09:00', '2027-03-15T09:00']],
    ['FREQ=MONTHLY;BYMONTHDAY=31', ['2027-03-31T09:00', '2027-05-31T09:00', '2027-07-31T09:00']],
    ['FREQ=MONTHLY;BYMONTHDAY=-1', ['2027-03-31T09:00', '2027-04-30T09:00', '2027-05-31T09:00']],
    ['FREQ=MONTHLY;BYDAY=-1FR', ['2027-03-26T09:00', '2027-04-30T09:00']],
    ['FREQ=DAILY;COUNT=2', ['2027-03-01T09:00', '2027-03-02T09:00']],
  ])('%s comes at the same time of the local day', (text, expected) => {
    expect(first(text, text.includes('COUNT') ? 9 : expected.length)).toEqual(expected);
  });

  it('ends: by its count, at its end, before the year 2100, or where no day ever fits', () => {
    expect(nextRun(repeat('FREQ=DAILY;COUNT=2'), START + 24 * HOUR)).toBeNull();
    expect(nextRun(repeat('FREQ=DAILY', START + 25 * HOUR), START)).toBe(START + 24 * HOUR);
    expect(nextRun(repeat('FREQ=DAILY', START + 23 * HOUR), START)).toBeNull();
    expect(nextRun(repeat('FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31;BYDAY=5MO'), Date.UTC(2099, 11, 31))).toBeNull();
  });

  it('says the same as another implementation of RFC 5545', () => {
    const days = fc.uniqueArray(fc.constantFrom('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'), {
      minLength: 1,
      maxLength: 3,
    });
    const nth = fc.constantFrom('1MO', '2TU', '-1FR', '5SU', 'SA');
    const monthDays = fc.uniqueArray(fc.constantFrom(1, 15, 29, 31, -1, -3), { minLength: 1, maxLength: 3 });
    const rules = fc.oneof(
      days.map((list) => `FREQ=DAILY;BYDAY=${list.join(',')}`),
      fc
        .tuple(fc.integer({ min: 1, max: 4 }), days)
        .map(([n, list]) => `FREQ=WEEKLY;INTERVAL=${n};BYDAY=${list.join(',')}`),
      fc.tuple(fc.integer({ min: 1, max: 3 }), nth).map(([n, day]) => `FREQ=MONTHLY;INTERVAL=${n};BYDAY=${day}`),
      fc
        .tuple(fc.integer({ min: 1, max: 3 }), monthDays)
        .map(([n, list]) => `FREQ=MONTHLY;INTERVAL=${n};BYMONTHDAY=${list.join(',')}`),
    );
    fc.assert(
      fc.property(rules, (text) => {
        const theirs = new RRuleTemporal({
          rruleString: `DTSTART;TZID=Europe/Berlin:20270301T090000\nRRULE:${text};COUNT=12`,
        });
        const expected = theirs.all().map(({ epochMilliseconds }) => epochMilliseconds);
        expect([...take(runsOf(repeat(text)), 12)]).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    '',
    'FREQ=YEARLY',
    'FREQ=HOURLY',
    'INTERVAL=2',
    'FREQ=DAILY;INTERVAL=0',
    'FREQ=DAILY;COUNT=-1',
    'FREQ=DAILY;COUNT=x',
    'FREQ=DAILY;FREQ=WEEKLY',
    'FREQ=WEEKLY;BYDAY=1MO',
    'FREQ=WEEKLY;BYDAY=XX',
    'FREQ=WEEKLY;BYMONTHDAY=1',
    'FREQ=MONTHLY;BYMONTHDAY=0',
    'FREQ=MONTHLY;BYMONTHDAY=32',
    'FREQ=DAILY;UNTIL=20270101T000000Z',
    'FREQ=DAILY;BYHOUR=9',
    'FREQ',
  ])('%j is refused', (text) => {
    expect(parseRepeatRule(text)).toMatchObject({ kind: 'bad', detail: expect.any(String) });
  });
});

describe('what a repeat does now', () => {
  const daily = repeat('FREQ=DAILY');
  const late = START + 3 * 24 * HOUR + HOUR;
  const idle = { last: START, isBusy: false };

  it('wait for the next run', () => {
    expect(decideRepeat(daily, idle, 'skip', START + HOUR)).toEqual({ kind: 'wait', next: START + 24 * HOUR });
    expect(decideRepeat(repeat('FREQ=DAILY;COUNT=1'), idle, 'skip', late)).toEqual({ kind: 'wait', next: null });
  });

  it('start the latest of those missed, and only that', () => {
    expect(decideRepeat(daily, idle, 'skip', late)).toEqual({ kind: 'run', run: START + 72 * HOUR, missed: 2 });
  });

  it('leave it out or keep one while the one before is still going on', () => {
    const busy = { last: START, isBusy: true };
    expect(decideRepeat(daily, busy, 'skip', late)).toEqual({ kind: 'skip', run: START + 72 * HOUR, missed: 2 });
    expect(decideRepeat(daily, busy, 'buffer_one', late)).toEqual({ kind: 'hold', run: START + 72 * HOUR });
  });
});
