import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { lapseEnd, lapseOf } from './misfire.js';

const DUE = Date.UTC(2027, 0, 5, 9);
const at = (offsetMs: number) => new Date(DUE + offsetMs);
const grace = fc.integer({ min: 0, max: 2_678_400 });
const offset = fc.integer({ min: -86_400_000, max: 3_000_000_000 });

describe('a delivery is missed', () => {
  it('when a whole second more than its grace has passed, and not a millisecond sooner', () => {
    fc.assert(
      fc.property(grace, fc.integer({ min: 0, max: 999 }), (graceSeconds, ms) => {
        const wish = { dueAt: at(0), graceSeconds, expiresAt: null };
        expect(lapseOf(wish, at(graceSeconds * 1000 + ms))).toBeNull();
        expect(lapseOf(wish, at((graceSeconds + 1) * 1000 + ms))).toBe('missed');
      }),
    );
  });

  it('for good: time alone never makes it sendable again', () => {
    fc.assert(
      fc.property(grace, offset, offset, fc.option(offset), (graceSeconds, one, other, expiry) => {
        const wish = { dueAt: at(0), graceSeconds, expiresAt: expiry === null ? null : at(expiry) };
        const [sooner, later] = [Math.min(one, other), Math.max(one, other)];
        if (lapseOf(wish, at(sooner)) !== null) expect(lapseOf(wish, at(later))).not.toBeNull();
      }),
    );
  });

  it('never by being moved: limits, pauses and retries put its time later, and its grace begins anew', () => {
    fc.assert(
      fc.property(grace, offset, (graceSeconds, now) => {
        expect(lapseOf({ dueAt: at(now), graceSeconds, expiresAt: null }, at(now))).toBeNull();
      }),
    );
  });

  it('never before its time', () => {
    fc.assert(
      fc.property(grace, fc.integer({ min: 1, max: 1_000_000_000 }), (graceSeconds, early) => {
        expect(lapseOf({ dueAt: at(early), graceSeconds, expiresAt: null }, at(0))).toBeNull();
      }),
    );
  });
});

describe('a delivery has expired', () => {
  it('from that instant on, late or not', () => {
    fc.assert(
      fc.property(grace, offset, fc.integer({ min: 0, max: 1_000_000 }), (graceSeconds, expiry, after) => {
        const wish = { dueAt: at(0), graceSeconds, expiresAt: at(expiry) };
        expect(lapseOf(wish, at(expiry + after))).toBe('expires_at_passed');
        expect(lapseOf(wish, at(expiry - 1))).not.toBe('expires_at_passed');
      }),
    );
  });
});

describe('the end of what came too late', () => {
  it.each([
    ['missed', 'expire', false, 'expired'],
    ['missed', 'hold', false, 'held'],
    ['expires_at_passed', 'hold', false, 'expired'],
    ['missed', 'hold', true, 'unknown'],
    ['expires_at_passed', 'expire', true, 'unknown'],
  ] as const)('%s, on missed %s, may have arrived %s: %s', (lapse, onMissed, mayHaveArrived, end) => {
    expect(lapseEnd(lapse, { onMissed, mayHaveArrived })).toBe(end);
  });
});
