import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allowance, claimMeters, gateMeter } from './meter.js';
import { isRate, type LimitRule } from './rule.js';
import { Usage } from './usage.js';

const NOW = Date.UTC(2027, 0, 5, 9);
const rule = (wish: Partial<LimitRule> = {}): LimitRule => ({
  max: 10,
  windowSeconds: 3_600,
  mode: 'rolling',
  timeZone: null,
  burst: null,
  ...wish,
});
const rules = fc.record({
  max: fc.integer({ min: 1, max: 50 }),
  windowSeconds: fc.constantFrom(1, 10, 60, 120, 3_600, 86_400),
  mode: fc.constantFrom('rolling' as const, 'calendar' as const),
  timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'Australia/Lord_Howe'),
  burst: fc.constant(null),
});
const uses = fc
  .array(fc.record({ ago: fc.integer({ min: 0, max: 90_000 }), used: fc.integer({ min: 1, max: 20 }) }), {
    maxLength: 40,
  })
  .map((all) => all.map(({ ago, used }) => ({ atMs: NOW - ago * 1000, used })).toSorted((a, b) => a.atMs - b.atMs));

describe('an allowance', () => {
  it('frees at the instant that it names, and not a millisecond sooner', () => {
    fc.assert(
      fc.property(rules, uses, fc.boolean(), (wish, used, isGate) => {
        const meter = isGate && isRate(wish) ? gateMeter(wish) : claimMeters(wish)[0];
        const usage = new Usage(used);
        if (!meter) throw new Error('a rule has a meter');
        const { free, nextFreeMs } = allowance(meter, usage, NOW);
        expect(free > 0).toBe(nextFreeMs === null);
        if (nextFreeMs === null) return;
        expect(allowance(meter, usage, nextFreeMs).free).toBeGreaterThan(0);
        if (nextFreeMs > NOW + 1) expect(allowance(meter, usage, nextFreeMs - 1).free).toBe(0);
      }),
    );
  });

  it('counts over the window and the time that a grant may lie around', () => {
    const [meter] = claimMeters(rule({ max: 1 }));
    if (!meter) throw new Error('a rule has a meter');
    const freeAfter = (seconds: number) =>
      allowance(meter, new Usage([{ atMs: NOW, used: 1 }]), NOW + seconds * 1000).free;
    expect([freeAfter(3_625), freeAfter(3_626)]).toEqual([0, 1]);
  });

  it('keeps a part for others, and always leaves one', () => {
    const free = (max: number) => claimMeters(rule({ max }), 0.2)[0]?.max;
    expect([free(1), free(5), free(1_000)]).toEqual([1, 4, 800]);
  });

  it('of a burst never lets more go at once', () => {
    const gauges = claimMeters(rule({ max: 100, burst: 5 }));
    expect(Math.min(...gauges.map((meter) => allowance(meter, new Usage(), NOW).free))).toBe(5);
  });

  it('of a small burst gives as much in the long run as the rule', () => {
    const meters = claimMeters(rule({ max: 100_000, burst: 10 }));
    const usage = new Usage();
    let sent = 0;
    for (let ms = NOW; ms < NOW + 3_600_000; ms += 250) {
      const free = Math.min(...meters.map((meter) => allowance(meter, usage, ms).free));
      usage.add(Math.floor(ms / 1000) * 1000, free);
      sent += free;
    }
    expect(sent).toBeLessThanOrEqual(100_000);
    expect(sent).toBeGreaterThan(98_000);
  });

  it('of a calendar begins anew with the local day', () => {
    const [meter] = claimMeters(rule({ max: 1, windowSeconds: 86_400, mode: 'calendar', timeZone: 'Europe/Berlin' }));
    if (!meter) throw new Error('a rule has a meter');
    const { nextFreeMs } = allowance(meter, new Usage([{ atMs: NOW, used: 1 }]), NOW);
    expect(new Date(nextFreeMs ?? 0).toISOString()).toBe('2027-01-05T23:00:00.000Z');
  });
});
