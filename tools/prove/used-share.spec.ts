import { describe, expect, it } from '@jest/globals';
import { usedShare } from './used-share.js';

const limits = { maxima: [{ fromMs: 0, max: 100 }], windowSeconds: 60, rate: 20, rateSeconds: 9 };
/** So many at the beginning of each of these seconds. */
const arrivals = (seconds: readonly number[], each: number) =>
  seconds.flatMap((second) => Array.from({ length: each }, () => second * 1_000));
/** When a planner sends that takes all: twenty in ten seconds, until the hundred of a minute are gone. */
const ALL = [0, 10, 20, 30, 40, 60, 70, 80, 90, 100, 120, 130, 140, 150, 160];

describe('how much of a limit was used', () => {
  it('is all of it where all was taken', () => {
    expect(usedShare(arrivals(ALL, 20), limits)).toBeCloseTo(1, 1);
  });

  it('is half of it where half was taken', () => {
    expect(usedShare(arrivals(ALL, 10), limits)).toBeCloseTo(0.5, 1);
  });

  it('is less by what came late', () => {
    const late = ALL.map((second) => second + (second >= 120 ? 5 : 0));
    const share = usedShare(arrivals(late, 20), limits);
    expect(share).toBeLessThan(1);
    expect(share).toBeGreaterThan(0.9);
  });

  it('follows a limit that is changed', () => {
    const raised = { ...limits, maxima: [...limits.maxima, { fromMs: 60_000, max: 200 }] };
    expect(usedShare(arrivals(ALL, 20), raised)).toBeLessThan(0.95);
  });
});
