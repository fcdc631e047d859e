import { gateWindowMs } from '../limits/meter.js';
import type { LimitRule } from '../limits/rule.js';
import type { Pacing } from '../pacing/pacing.js';

const FREE: Pacing = { delaySeconds: 0, hourlyLimit: null, spread: 'burst', weight: 1 };
/** Long enough that what a gate counts a window longer for is little of it. */
const CEILING_SECONDS = 10;

export interface LoadTestPace {
  readonly pacing: Pacing;
  /** Of the limit of its line, beside those that the pacing is. */
  readonly rules: readonly LimitRule[];
}

/**
 * How a load test keeps its rate: it goes evenly, as a campaign with an hourly limit does, and what is made up for after a
 * pause or a stall goes under a ceiling at the gate. A rule of one second would be exact in every second of whoever receives,
 * and give five eighths of the rate (decision 16): no window of a provider watches the sandbox.
 */
export function loadTestPace(ratePerSecond: number | null): LoadTestPace {
  if (ratePerSecond === null) return { pacing: FREE, rules: [] };
  const pacing: Pacing = { ...FREE, hourlyLimit: ratePerSecond * 3_600, spread: 'even' };
  return { pacing, rules: [ceiling(ratePerSecond)] };
}

/** As many as the rate gives in the time that the gate counts: below that it would hold back the pace itself. */
const ceiling = (ratePerSecond: number): LimitRule => ({
  max: Math.ceil((ratePerSecond * gateWindowMs({ windowSeconds: CEILING_SECONDS })) / 1000),
  windowSeconds: CEILING_SECONDS,
  mode: 'rolling',
  timeZone: null,
  burst: null,
});
