import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dateOf, instantOf, type LocalMs, localAt, parseLocal } from './local-time.js';
import { decideWish, resolveWish } from './wish.js';
import { chooseZone, findZone } from './zone.js';

/** Zones with clock changes of every kind in 2027, and such without; what tzdata says through the platform is the measure. */
const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'America/Santiago', // at midnight
  'Australia/Lord_Howe', // by half an hour
  'Africa/Casablanca', // back for Ramadan
  'Pacific/Apia',
  'Asia/Tehran',
  'America/Sao_Paulo',
  'Asia/Kathmandu',
  'Pacific/Chatham', // at 02:45
  'America/St_Johns',
  'Africa/Cairo', // at midnight
] as const;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const YEAR = Date.UTC(2027, 0, 1);

const formats = new Map(
  ZONES.map((timeZone) => {
    const parts = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const;
    return [timeZone, new Intl.DateTimeFormat('en-GB', { ...parts, second: '2-digit', hourCycle: 'h23', timeZone })];
  }),
);

/** What the clocks of a zone show, by the platform's own word. */
function shownAt(at: number, timeZone: (typeof ZONES)[number]): number {
  const parts = new Map(
    formats
      .get(timeZone)
      ?.formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const [year = 0, month = 0, day = 0] = ['year', 'month', 'day'].map((name) => parts.get(name as 'year'));
  const [hour = 0, minute = 0, second = 0] = ['hour', 'minute', 'second'].map((name) => parts.get(name as 'hour'));
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** The clock changes of 2027: between two hours that do not agree, to the second. */
function changesOf(timeZone: (typeof ZONES)[number]): { at: number; before: number; after: number }[] {
  const changes = [];
  const offsetAt = (at: number) => shownAt(at, timeZone) - at;
  for (let at = YEAR; at < YEAR + 365 * DAY; at += 6 * HOUR) {
    const [before, after] = [offsetAt(at), offsetAt(at + 6 * HOUR)];
    if (before === after) continue;
    let [low, high] = [at, at + 6 * HOUR];
    while (high - low > 1_000) {
      const middle = Math.floor((low + high) / 2_000) * 1_000;
      if (offsetAt(middle) === before) low = middle;
      else high = middle;
    }
    changes.push({ at: high, before, after });
  }
  return changes;
}

const CHANGES = ZONES.flatMap((timeZone) => changesOf(timeZone).map((change) => ({ timeZone, ...change })));
const minute = fc.integer({ min: 0, max: 1_439 });

describe('a local time', () => {
  it('is tried on both clock changes of 2027 in all zones that have them', () => {
    expect(CHANGES.filter(({ timeZone }) => timeZone === 'Europe/Berlin').map(({ at }) => at)).toEqual([
      Date.UTC(2027, 2, 28, 1),
      Date.UTC(2027, 9, 31, 1),
    ]);
    expect(new Set(CHANGES.map(({ timeZone }) => timeZone)).size).toBe(8);
    expect(CHANGES).toHaveLength(16);
  });

  it.each(CHANGES)(
    'resolves to one instant around the change in $timeZone at $at',
    ({ timeZone, at, before, after }) => {
      // All minutes from a day before to a day after: none is left out and none is double.
      for (let local = at + before - DAY; local < at + after + DAY; local += 60_000) {
        const instant = instantOf(local as LocalMs, timeZone);
        const isInGap = local >= at + before && local < at + after;
        expect([local, shownAt(instant, timeZone)]).toEqual([local, isInGap ? local + (after - before) : local]);
        // The first of two: by the clock that went before.
        if (local >= at + after && local < at + before) expect(instant).toBe(local - before);
        if (isInGap) expect(instant).toBe(local - before);
      }
    },
  );

  it('of any day in any of them comes back from its instant, or moved forward by the gap', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), fc.integer({ min: 0, max: 364 }), minute, (timeZone, day, minutes) => {
        const local = (YEAR + day * DAY + minutes * 60_000) as LocalMs;
        const back = localAt(instantOf(local, timeZone), timeZone);
        expect(back).toBe(shownAt(instantOf(local, timeZone), timeZone));
        const gap = CHANGES.find(
          (change) =>
            change.timeZone === timeZone && local >= change.at + change.before && local < change.at + change.after,
        );
        expect(back - local).toBe(gap ? gap.after - gap.before : 0);
      }),
    );
  });

  it('never comes later than a later one', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CHANGES), fc.integer({ min: -600, max: 600 }), minute, (change, from, step) => {
        const { timeZone, at, before } = change;
        const [one, other] = [at + before + from * 60_000, at + before + (from + step) * 60_000];
        const gap = Math.max(0, change.after - before);
        expect(instantOf(one as LocalMs, timeZone)).toBeLessThanOrEqual(instantOf(other as LocalMs, timeZone) + gap);
      }),
    );
  });

  it('of a day that a zone left out altogether is the same time of the next', () => {
    expect(resolveWish({ local: '2011-12-30T09:00' }, 'Pacific/Apia').at).toBe(Date.UTC(2011, 11, 30, 19)); // 31 December there
  });

  it.each([
    ['2027-03-28T02:30', true],
    ['2027-03-28 02:30:15', true],
    ['2099-12-30T23:59', true],
    ['2099-12-31T00:00', false],
    ['1970-01-01T12:00', false],
    ['2027-02-29T02:30', false],
    ['2027-03-28T24:00', false],
    ['2027-03-28T02:30Z', false],
    ['2027-03-28T02:30+01:00', false],
    ['2027-03-28', false],
    ['', false],
  ])('%j is read: %s', (text, isOk) => {
    expect(parseLocal(text).kind).toBe(isOk ? 'ok' : 'bad');
  });
});

describe('a wish', () => {
  const wish = { local: '2027-03-28T02:30' };
  const at = Date.UTC(2027, 2, 28, 1, 30);

  it('knows the day that was meant', () => {
    expect(resolveWish(wish, 'Europe/Berlin')).toEqual({ at, localDate: '2027-03-28' });
    expect(resolveWish({ local: '2027-03-28T23:30' }, 'Asia/Tehran').localDate).toBe('2027-03-28');
  });

  it('that is past is sent now, the next day or not at all', () => {
    const later = at + 5 * DAY;
    expect(decideWish(wish, 'Europe/Berlin', at - 1, 'skip')).toMatchObject({ kind: 'due', at });
    expect(decideWish(wish, 'Europe/Berlin', at + 60_000, 'skip')).toMatchObject({ kind: 'due', at: at + 60_000 });
    expect(decideWish(wish, 'Europe/Berlin', later, 'skip')).toEqual({ kind: 'skip', localDate: '2027-03-28' });
    expect(decideWish(wish, 'Europe/Berlin', later, 'send_now')).toEqual({
      kind: 'due',
      at: later,
      localDate: '2027-03-28',
    });
  });

  it('that goes the next day goes at that time of the first day on which it is not past', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), minute, fc.integer({ min: 61, max: 20 * 1440 }), (zone, minutes, late) => {
        const local = (Date.UTC(2027, 2, 26) + minutes * 60_000) as LocalMs;
        const now = instantOf(local, zone) + late * 60_000;
        const text = new Date(local).toISOString().slice(0, 16);
        const decision = decideWish({ local: text }, zone, now, 'next_day');
        if (decision.kind !== 'due') throw new Error('it is never skipped');
        expect(decision.at).toBeGreaterThanOrEqual(now);
        expect(decision.at - now).toBeLessThanOrEqual(25 * HOUR);
        expect(decision.at).toBe(resolveWish({ local: `${decision.localDate}T${text.slice(11)}` }, zone).at);
      }),
    );
  });
});

describe('a zone', () => {
  it('is known by its name in any case, and by nothing else', () => {
    expect(findZone('europe/berlin')?.id).toBe('Europe/Berlin');
    for (const name of ['', 'Mars/Olympus', '+01:00', 'recipient', 'UTC+1', '../etc', 'x'.repeat(1e4)]) {
      expect(findZone(name)).toBeUndefined();
    }
  });

  it('is the first good one of several; bad ones are counted and stop nobody', () => {
    expect(chooseZone([null, 'Berlin', '', 'Asia/Tehran', 'UTC'])).toEqual({ timeZone: 'Asia/Tehran', bad: 1 });
    expect(chooseZone(['nowhere', undefined])).toEqual({ timeZone: 'UTC', bad: 1 });
  });

  it('shows what the platform shows, in any order it is asked', () => {
    const instant = fc.integer({ min: Date.UTC(2000, 0, 1) / 1000, max: Date.UTC(2060, 0, 1) / 1000 });
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), instant, (timeZone, seconds) => {
        expect(localAt(seconds * 1000, timeZone)).toBe(shownAt(seconds * 1000, timeZone));
        expect(dateOf(localAt(seconds * 1000, timeZone))).toMatch(/^\d{4}-\d\d-\d\d$/);
      }),
      { numRuns: 500 },
    );
  });
});
