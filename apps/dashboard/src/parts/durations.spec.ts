import { describe, expect, it } from '@jest/globals';
import { clockInWords, durationInWords, spanInWords, untilInWords } from './durations.js';

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

  it.each([
    [1, 'a second'],
    [20, '20 seconds'],
    [90, '90 seconds'],
    [60, 'a minute'],
    [3_600, 'an hour'],
    [7_200, '2 hours'],
    [86_400, 'a day'],
  ])('call a limit’s %d s %s', (seconds, words) => expect(spanInWords(seconds)).toBe(words));

  it('say when something goes on by the clock, with its day where that is another', () => {
    const now = new Date(2026, 10, 26, 9, 0, 0).getTime();
    const at = (day: number, hour: number, second = 0) => new Date(2026, 10, day, hour, 4, second).toISOString();
    expect(clockInWords(at(26, 10), now)).toBe('at 10:04');
    expect(clockInWords(at(27, 10), now)).toBe('on 27 Nov at 10:04');
    expect(clockInWords(at(26, 9, 20), now + 240_000)).toBe('in 20 s');
    expect(clockInWords(at(26, 8), now)).toBe('any moment');
  });
});
