import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allowance, claimMeters } from '../limits/meter.js';
import { Usage } from '../limits/usage.js';
import { campaignRules, pacedAfter, paceMs, slots } from './pacing.js';

const NOW = Date.UTC(2027, 0, 5, 9);
const HOUR_MS = 3_600_000;

describe('an even pace', () => {
  it('makes up what a look that comes seconds late has missed, and no longer idleness', () => {
    const missed = (lateMs: number) => slots(100, NOW - 100, NOW + lateMs).count;
    expect([missed(0), missed(900), missed(4_900), missed(60_000)]).toEqual([1, 10, 50, 51]);
  });

  it('gives what the hour may have, however late the looks come, and never more', () => {
    const looks = fc.array(fc.integer({ min: 250, max: 4_900 }), { minLength: 40, maxLength: 40 });
    fc.assert(
      fc.property(fc.integer({ min: 500, max: 50_000 }), looks, (hourlyLimit, waits) => {
        const everyMs = paceMs({ hourlyLimit, spread: 'even' });
        const [meter] = campaignRules({ hourlyLimit, delaySeconds: 0 }).flatMap((rule) => claimMeters(rule));
        if (!meter) throw new Error('an hourly limit is a rule');
        const usage = new Usage();
        let most = 0;
        let pacedMs: number | null = null;
        for (let [ms, i] = [NOW, 0]; ms < NOW + 2 * HOUR_MS; ms += waits[(i += 1) % waits.length] ?? 0) {
          const turn = slots(everyMs, pacedMs, ms);
          const taken = Math.min(turn.count, allowance(meter, usage, ms).free);
          if (taken === 0) continue;
          usage.add(Math.floor(ms / 1_000) * 1_000, taken);
          pacedMs = pacedAfter(turn, everyMs, taken);
          most = Math.max(most, usage.after(ms - HOUR_MS));
        }
        expect(most).toBeLessThanOrEqual(hourlyLimit);
        expect(usage.after(0)).toBeGreaterThan(1.97 * hourlyLimit);
      }),
      { numRuns: 20 },
    );
  });
});
