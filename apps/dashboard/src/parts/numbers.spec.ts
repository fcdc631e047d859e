import { describe, expect, it } from '@jest/globals';
import { inPercent, inTenths, inWhole, inWords } from './numbers.js';

describe('numbers for people', () => {
  it('have their thousands apart', () => {
    expect([inWhole(0), inWhole(1_000_000), inTenths(268.14), inTenths(12_345.6)]).toEqual([
      '0',
      '1,000,000',
      '268.1',
      '12,346',
    ]);
  });

  it.each([
    [0, '0\u00a0%'],
    [0.635, '63.5\u00a0%'],
    [0.000_01, '0.1\u00a0%'],
    [0.999_99, '99.9\u00a0%'],
    [1, '100\u00a0%'],
  ])('say that %d is %s: all only of all, nothing only of nothing', (share, words) =>
    expect(inPercent(share)).toBe(words),
  );

  it('name what the page has never heard of', () => {
    expect(inWords('completed_with_errors')).toBe('Completed with errors');
    expect(inWords('something_new')).toBe('Something new');
  });
});
