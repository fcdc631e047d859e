import { expect, it } from '@jest/globals';
import { spreadOf } from './percentile.js';

it('a spread tells the smallest, the middle, the slowest hundredth and the largest', () => {
  const values = Array.from({ length: 1000 }, (_, i) => 1000 - i);
  expect(spreadOf(values)).toEqual({ min: 1, p50: 500, p99: 990, max: 1000 });
});

it('a spread of nothing is no number', () => {
  expect(spreadOf([]).p99).toBeNaN();
});
