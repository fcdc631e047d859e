import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mostInWindow } from './rolling.js';

describe('the most in a window', () => {
  it('counts what lies less than a window apart', () => {
    expect(mostInWindow([0, 10, 20, 100, 109, 110], 10)).toEqual({ most: 2, fromMs: 100 });
    expect(mostInWindow([], 10)).toEqual({ most: 0, fromMs: 0 });
    expect(mostInWindow([5, 5, 5], 1)).toEqual({ most: 3, fromMs: 5 });
  });

  it('is what counting every window by hand gives', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(500)), fc.integer({ min: 1, max: 100 }), (instants, windowMs) => {
        const sorted = instants.toSorted((a, b) => a - b);
        const byHand = sorted.map((from) => sorted.filter((at) => at >= from && at < from + windowMs).length);
        expect(mostInWindow(sorted, windowMs).most).toBe(Math.max(0, ...byHand));
      }),
    );
  });
});
