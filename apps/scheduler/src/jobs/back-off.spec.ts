import { describe, expect, it } from '@jest/globals';
import { BackOff } from './back-off.js';

describe('what went wrong', () => {
  it('rests a second, then twice as long each time, at most half a minute', () => {
    const backOff = new BackOff<string>();
    const rests = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000];
    for (const ms of rests) {
      backOff.failed('a', 5_000);
      expect([backOff.isResting('a', 4_999 + ms), backOff.isResting('a', 5_000 + ms)]).toEqual([true, false]);
    }
    expect(backOff.isResting('b', 0)).toBe(false);
  });

  it('begins anew when it has gone well', () => {
    const backOff = new BackOff<string>();
    backOff.failed('a', 0);
    backOff.failed('a', 0);
    backOff.forget('a');
    expect(backOff.isResting('a', 0)).toBe(false);
    backOff.failed('a', 0);
    expect(backOff.isResting('a', 1_000)).toBe(false);
  });
});
