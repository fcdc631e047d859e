import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseAddress } from '../address.js';
import { allowance, gateMeter } from '../limits/meter.js';
import { RATE_GRAIN_MS } from '../limits/rule.js';
import { Usage } from '../limits/usage.js';
import { pacedAfter, paceMs, slots } from '../pacing/pacing.js';
import { loadTestPace } from './load-test-pace.js';
import { isMadeUp, lastWithBody, type LoadTestScript, MAX_LOAD_TEST, placeOf, recipientOf } from './load-test.js';

const script = (wish: Partial<LoadTestScript> = {}): LoadTestScript => ({
  count: 10_000,
  ratePerSecond: null,
  failures: { temporary: 0, permanent: 0 },
  seed: 1,
  ...wish,
});
const all = (of: LoadTestScript): string[] => Array.from({ length: of.count }, (_, n) => recipientOf(of, n + 1));
const share = (addresses: readonly string[], tag: string) =>
  addresses.filter((address) => address.includes(tag)).length / addresses.length;

describe('a recipient of a load test', () => {
  it('is the same for the same script and place, and nobody else', () => {
    const failing = script({ failures: { temporary: 0.1, permanent: 0.1 }, seed: 7 });
    expect(all(failing)).toEqual(all(failing));
    expect(new Set(all(failing)).size).toBe(10_000);
  });

  it('fails in other places for another seed', () => {
    const failures = { temporary: 0.1, permanent: 0.1 };
    expect(all(script({ failures, seed: 1 }))).not.toEqual(all(script({ failures, seed: 2 })));
  });

  it.each([
    [0, 0],
    [0.05, 0.01],
    [0.3, 0.7],
    [0, 1],
    [1, 0],
  ])('fails at first in %d and for good in %d of all', (temporary, permanent) => {
    const addresses = all(script({ failures: { temporary, permanent } }));
    expect(share(addresses, '+soft')).toBeCloseTo(temporary, 1);
    expect(share(addresses, '+bounce')).toBeCloseTo(permanent, 1);
    if (temporary === 0) expect(share(addresses, '+soft')).toBe(0);
    if (permanent === 1) expect(share(addresses, '+bounce')).toBe(1);
  });

  it('has an address that mail can be sent to, and that nobody has', () => {
    const places = fc.integer({ min: 1, max: MAX_LOAD_TEST });
    fc.assert(
      fc.property(places, fc.integer({ min: 0, max: 2 ** 32 - 1 }), (place, seed) => {
        const address = recipientOf(script({ failures: { temporary: 0.5, permanent: 0.2 }, seed }), place);
        expect(parseAddress(address)).toMatchObject({ kind: 'ok' });
        expect(isMadeUp(address)).toBe(true);
        expect(placeOf(address)).toBe(place);
      }),
    );
    expect(isMadeUp('ada@download.test')).toBe(false);
  });
});

describe('the bodies that are kept of a load test', () => {
  it('are the first 100 that do not bounce', () => {
    const failing = script({ failures: { temporary: 0.1, permanent: 0.3 } });
    const first = all(failing).slice(0, lastWithBody(failing));
    expect(first.filter((address) => !address.includes('+bounce'))).toHaveLength(100);
    expect(lastWithBody(script())).toBe(100);
  });

  it('are all of a small one, and none where all bounce', () => {
    expect(lastWithBody(script({ count: 7 }))).toBe(7);
    expect(lastWithBody(script({ count: 500, failures: { temporary: 0, permanent: 1 } }))).toBe(500);
  });

  it('are of made-up people only', () => {
    expect(placeOf('ada@example.com')).toBeNull();
    expect(placeOf('n0000001@example.com')).toBeNull();
  });
});

describe('the rate of a load test', () => {
  /** When copies pass the gate in a minute: looks of the claim every 250 ms, but for the seconds in which nobody looks. */
  function passing(rate: number, stall = { fromMs: 0, toMs: 0 }): Usage {
    const { pacing, rules } = loadTestPace(rate);
    const [everyMs, meters] = [paceMs(pacing), rules.map(gateMeter)];
    const [passed, counted] = [new Usage(), new Usage()];
    let [pacedMs, waiting]: [number | null, number] = [null, 0];
    for (let ms = 0; ms < 60_000; ms += 50) {
      const turn = slots(everyMs, pacedMs, ms);
      if (ms % 250 === 0 && turn.count > 0 && (ms < stall.fromMs || ms >= stall.toMs)) {
        waiting += turn.count;
        pacedMs = pacedAfter(turn, everyMs, turn.count);
      }
      const go = Math.min(waiting, ...meters.map((meter) => allowance(meter, counted, ms).free));
      if (go === 0) continue;
      passed.add(ms, go);
      counted.add(Math.floor(ms / RATE_GRAIN_MS) * RATE_GRAIN_MS, go);
      waiting -= go;
    }
    return passed;
  }
  const fullestTen = (passed: Usage) =>
    Math.max(...Array.from({ length: 1_001 }, (_, i) => passed.after(i * 50 - 1) - passed.after(i * 50 + 9_999)));

  it.each([1, 2, 3, 7, 10, 100, 1_500])('is the rate in the mean, and in ten seconds no more: %d', (rate) => {
    const passed = passing(rate);
    expect(passed.after(-1) / (60 * rate)).toBeGreaterThan(0.985 - 1 / (60 * rate));
    expect(fullestTen(passed)).toBeLessThanOrEqual(10 * rate);
  });

  it.each([1, 10, 100])('is hardly more in ten seconds after a stall: %d', (rate) => {
    const passed = passing(rate, { fromMs: 20_000, toMs: 25_000 });
    expect(fullestTen(passed)).toBeLessThanOrEqual(Math.ceil(10.6 * rate));
    expect(passed.after(-1)).toBeGreaterThan(58 * rate);
  });

  it('is none where none is wished', () => {
    expect(loadTestPace(null)).toMatchObject({ pacing: { hourlyLimit: null }, rules: [] });
  });
});
