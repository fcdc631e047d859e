import { describe, expect, it } from '@jest/globals';
import { bodyBytes, BodyBudget } from './body-budget.js';

describe('a budget of body bytes', () => {
  it('is taken until nothing is left', () => {
    const budget = new BodyBudget(10);
    expect(budget.take(6)).toBeDefined();
    expect(budget.take(5)).toBeUndefined();
    expect(budget.take(4)).toBeDefined();
    expect(budget.take(1)).toBeUndefined();
    expect(budget.take(0)).toBeDefined();
  });

  it('gets each part back once, also from somebody who gives it back twice', () => {
    const budget = new BodyBudget(10);
    const giveBack = budget.take(4);
    budget.take(6);
    giveBack?.();
    giveBack?.();
    expect(budget.take(5)).toBeUndefined();
    expect(budget.take(4)).toBeDefined();
  });
});

describe('the bytes of a body', () => {
  it.each<[string, Record<string, string>, number]>([
    ['without headers are none', {}, 0],
    ['are what is announced', { 'content-length': '7' }, 7],
    ['are at most what its path takes', { 'content-length': '700' }, 10],
    ['in chunks are all that its path takes', { 'transfer-encoding': 'chunked' }, 10],
    ['are all that its path takes if the announcement is odd', { 'content-length': 'x' }, 10],
  ])('%s', (_what, headers, bytes) => expect(bodyBytes(headers, 10)).toBe(bytes));
});
