import { describe, expect, it } from '@jest/globals';
import { durationInWords, untilInWords } from './durations.js';

describe('durations in words', () => {
  it.each([
    [0, '0 s'],
    [400, '0 s'],
    [45_000, '45 s'],
    [200_000, '3 min 20 s'],
    [3_600_000, '1 h'],
    [7_503_000, '2 h 5 min'],
    [90_000_000, '1 d 1 h'],
    [-5, '0 s'],
  ])('%d ms are %s', (ms, words) => expect(durationInWords(ms)).toBe(words));

  it('say when something is expected, and never a time that is over', () => {
    const now = Date.parse('2026-12-01T09:00:00.000Z');
    expect(untilInWords('2026-12-01T09:01:30.000Z', now)).toBe('in 1 min 30 s');
    expect(untilInWords('2026-12-01T08:59:00.000Z', now)).toBe('any moment');
  });
});
