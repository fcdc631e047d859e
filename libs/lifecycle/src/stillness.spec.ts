import { beforeEach, describe, expect, it } from '@jest/globals';
import { Stillness } from './stillness.js';

let nowMs: number;
let stillness: Stillness;
beforeEach(() => {
  nowMs = 0;
  stillness = new Stillness(2_000, () => nowMs);
});
const after = (ms: number, mark: string) => {
  nowMs += ms;
  return stillness.read(new Map([['a', mark]])).get('a');
};

describe('stillness', () => {
  it('begins with the first reading, whatever happened before', () => {
    nowMs = 1_000_000;
    expect(after(0, '7')).toBe(0);
    expect(after(1_000, '7')).toBe(1_000);
  });

  it('ends with every change, forward or backward', () => {
    after(0, '7');
    expect([after(1_000, '7'), after(1_000, '6'), after(1_000, '6')]).toEqual([1_000, 0, 1_000]);
  });

  it('counts a gap in our own looking as two seconds at most: who could not look proves nothing', () => {
    after(0, '7');
    expect(after(3_600_000, '7')).toBe(2_000);
  });

  it('forgets what is gone', () => {
    after(0, '7');
    stillness.read(new Map());
    expect(after(1_000, '7')).toBe(0);
  });
});
