import { describe, expect, it } from '@jest/globals';
import { SetupError } from '#config';
import { readBenchArguments } from './bench-arguments.js';

describe('the arguments of the bench', () => {
  it('are 10,000 emails, once, when nothing is said', () => {
    expect(readBenchArguments([])).toEqual({ help: false, json: false, count: 10_000, reps: 1, profile: null });
  });

  it('say how many and how often', () => {
    expect(readBenchArguments(['--count', '500', '--reps=3', '--json'])).toMatchObject({
      count: 500,
      reps: 3,
      json: true,
    });
  });

  it.each([['--count', 'many'], ['--count', '0'], ['--reps', '1.5'], ['--fast']])('refuse %s %s', (...args) => {
    expect(() => readBenchArguments(args)).toThrow(SetupError);
  });
});
