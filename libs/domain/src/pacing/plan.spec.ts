import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { claimMeters } from '../limits/meter.js';
import type { LimitRule } from '../limits/rule.js';
import { Usage } from '../limits/usage.js';
import type { Gauge } from './line-turn.js';
import { campaignRules, type Pacing, paceMs } from './pacing.js';
import { plan, type PlanRequest } from './plan.js';

const START = Date.UTC(2027, 0, 5, 9);
const HOUR_MS = 3_600_000;

const gaugesOf = (rules: readonly LimitRule[]): Gauge[] => {
  const usage = new Usage();
  return rules.flatMap((rule) => claimMeters(rule).map((meter) => ({ scope: 'tenant' as const, meter, usage })));
};
const aPlan = (pacing: Partial<Pacing>, wish: Partial<PlanRequest> = {}) => {
  const all = { delaySeconds: 0, hourlyLimit: null, spread: 'even' as const, weight: 1, ...pacing };
  return plan({
    recipients: 1_000,
    startMs: START,
    items: 100_000,
    everyMs: paceMs(all),
    pacedMs: null,
    nextOpening: (ms) => ms,
    gauges: gaugesOf(campaignRules(all)),
    ...wish,
  });
};

/** The most that any stretch of this length holds. */
function fullest(times: readonly number[], lengthMs: number): number {
  let most = 0;
  for (let from = 0, to = 0; from < times.length; from += 1) {
    while (to < times.length && (times[to] ?? 0) < (times[from] ?? 0) + lengthMs) to += 1;
    most = Math.max(most, to - from);
  }
  return most;
}

const pacing = fc.record({
  hourlyLimit: fc.integer({ min: 1, max: 5_000 }),
  spread: fc.constantFrom('even' as const, 'burst' as const),
  delaySeconds: fc.constantFrom(0, 0, 1, 7, 90),
});

describe('a plan', () => {
  it('without limits sends all at its start', () => {
    const { firstAtMs, lastAtMs, buckets } = aPlan({});
    expect([firstAtMs, lastAtMs, buckets]).toEqual([
      START,
      START,
      [{ fromMs: START, toMs: START + HOUR_MS, count: 1_000 }],
    ]);
  });

  it('of many years has longer buckets, not more', () => {
    const { buckets, bucketMs, total } = aPlan({ hourlyLimit: 1 }, { recipients: 10_000, items: 0 });
    expect(bucketMs).toBe(8 * HOUR_MS);
    expect(buckets.length).toBeLessThanOrEqual(2_000);
    expect(buckets.reduce((sum, { count }) => sum + count, 0)).toBe(total);
    for (const { fromMs, toMs, count } of buckets) {
      expect([fromMs % bucketMs, toMs - fromMs]).toEqual([0, bucketMs]);
      expect(count).toBeLessThanOrEqual(8);
    }
  });

  it('never sends more in any hour than its limit, nobody twice and all in the end', () => {
    fc.assert(
      fc.property(pacing, fc.integer({ min: 0, max: 3_000 }), (wish, recipients) => {
        const { items, total, buckets, lastAtMs } = aPlan(wish, { recipients });
        const times = items.map(({ atMs }) => atMs);
        expect(fullest(times, HOUR_MS)).toBeLessThanOrEqual(wish.hourlyLimit);
        expect([times.length, total, buckets.reduce((sum, { count }) => sum + count, 0)]).toEqual([
          recipients,
          recipients,
          recipients,
        ]);
        expect(lastAtMs).toBe(times.at(-1) ?? null);
      }),
      { numRuns: 60 },
    );
  });

  it('uses at least 98 in a hundred of what the grace of grants leaves', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 50, max: 3_000 }),
        fc.constantFrom('even' as const, 'burst' as const),
        (hourlyLimit, spread) => {
          const { lastAtMs } = aPlan({ hourlyLimit, spread }, { recipients: hourlyLimit * 5, items: 0 });
          const hours = ((lastAtMs ?? Infinity) - START) / HOUR_MS;
          expect((hourlyLimit * (spread === 'even' ? 5 : 4)) / hours).toBeGreaterThan(
            0.98 * hourlyLimit * (3_600 / 3_625),
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  it('spreads evenly where that is wished', () => {
    const { items } = aPlan({ hourlyLimit: 100 }, { recipients: 200 });
    const gaps = items.slice(1).map(({ atMs }, i) => atMs - (items[i]?.atMs ?? 0));
    expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(2);
  });

  it('keeps to its windows, and says what it waits for', () => {
    const nextOpening = (ms: number) =>
      ms % (24 * HOUR_MS) < 10 * HOUR_MS ? Math.floor(ms / (24 * HOUR_MS)) * 24 * HOUR_MS + 10 * HOUR_MS : ms;
    const { firstAtMs, items } = aPlan({}, { nextOpening, recipients: 1 });
    expect(firstAtMs).toBe(START + HOUR_MS);
    expect(items[0]?.waits).toMatchObject([{ reason: 'window', untilMs: START + HOUR_MS }]);
  });

  it('sends nobody before their own instant', () => {
    fc.assert(
      fc.property(pacing, fc.array(fc.integer({ min: 0, max: 90_000_000 }), { maxLength: 300 }), (wish, offsets) => {
        const recipients = offsets.map((offset) => START + offset).toSorted((a, b) => a - b);
        const { items } = aPlan(wish, { recipients });
        expect(items.length).toBe(recipients.length);
        items.forEach(({ atMs }, i) => expect(atMs).toBeGreaterThanOrEqual(recipients[i] ?? Infinity));
      }),
      { numRuns: 60 },
    );
  });

  it('of many recipients knows when the last goes', () => {
    const { lastAtMs } = aPlan({ hourlyLimit: 20_000 }, { recipients: 200_000, items: 100 });
    expect(((lastAtMs ?? 0) - START) / HOUR_MS).toBeCloseTo(10 * (3_626 / 3_600), 0);
  }, 60_000);

  it('costs as much for each recipient, however many they are', () => {
    const cost = (recipients: number): number => {
      const before = process.cpuUsage();
      aPlan({ hourlyLimit: 3_000, delaySeconds: 1 }, { recipients, items: 100 });
      return process.cpuUsage(before).user;
    };
    cost(10_000); // compiled
    expect(cost(80_000) / cost(20_000)).toBeLessThan(12); // 4; 16 were it by the square
  }, 60_000);
});
