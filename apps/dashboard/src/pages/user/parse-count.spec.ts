import { describe, expect, it } from '@jest/globals';
import { parseCount } from './parse-count.js';

describe('how many emails somebody means', () => {
  it.each([
    ['0', 0],
    [' 5000 ', 5_000],
    ['5,000', 5_000],
    ['1 000 000', 1_000_000],
    ['007', 7],
  ])('is, for %j, %d', (text, count) => expect(parseCount(text)).toEqual({ kind: 'count', count }));

  it.each(['', ' ', '-1', '1.5', '1e3', 'ten', '5,00', '1000001', '99999999999999999999'])('is not %j', (text) => {
    expect(parseCount(text)).toEqual({ kind: 'bad', detail: expect.stringMatching(/Enter|whole number|too many/) });
  });
});
