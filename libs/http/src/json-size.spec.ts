import { describe, expect, it } from '@jest/globals';
import { hasTooManyValues } from './json-size.js';

describe('a body with too many values', () => {
  it.each([
    ['objects', '{"to":[', '{},', '1]}'],
    ['numbers', '[', '1,', '1]'],
    ['names', '{', '"a":1,', '"b":1}'],
    ['texts that hold quotes', '[', String.raw`"\"",`, '1]'],
  ])('is told by its %s', (_what, begin, piece, end) => {
    expect(hasTooManyValues(Buffer.from(begin + piece.repeat(500_001) + end))).toBe(true);
    expect(hasTooManyValues(Buffer.from(begin + piece.repeat(200_000) + end))).toBe(false);
  });

  it.each([
    ['commas in a text', JSON.stringify({ text: ','.repeat(1_000_000) })],
    ['quotes and commas in a text', JSON.stringify({ text: '",'.repeat(1_000_000) })],
    ['backslashes before a quote', JSON.stringify(['\\\\'.repeat(500_000), ','.repeat(600_000)])],
    ['a text that never ends', `["${','.repeat(1_000_000)}`],
  ])('is not one with %s', (_what, text) => expect(hasTooManyValues(Buffer.from(text))).toBe(false));
});
