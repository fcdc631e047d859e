import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { smoothedRate } from './job-rate.js';

describe('the rate of a job', () => {
  it('begins with what happened since the first sample', () => {
    expect(smoothedRate({ rate: null, done: 0, secondsAgo: 2 }, 100)).toBe(50);
  });

  it('comes half of the way to a new speed in ten seconds', () => {
    expect(smoothedRate({ rate: 100, done: 0, secondsAgo: 10 }, 0)).toBe(50);
  });

  it('lies between what it was and what just happened', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1000), fc.integer({ min: 1, max: 100 }), (rate, more, secondsAgo) => {
        const fresh = more / secondsAgo;
        const next = smoothedRate({ rate, done: 5, secondsAgo }, 5 + more) ?? -1;
        expect(next).toBeGreaterThanOrEqual(Math.min(rate, fresh) - 1e-9);
        expect(next).toBeLessThanOrEqual(Math.max(rate, fresh) + 1e-9);
      }),
    );
  });

  it('is never below zero although copies were opened again', () => {
    expect(smoothedRate({ rate: null, done: 10, secondsAgo: 1 }, 4)).toBe(0);
  });
});
