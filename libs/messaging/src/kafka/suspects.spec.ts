import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { InHand } from '../consumer-progress.js';
import { DEATHS, judge, partBatch, together } from './suspects.js';

const batchOf = (...offsets: number[]) => offsets.map((offset) => ({ offset: String(offset) }));
const left = (first: number, last: number, tries: number): InHand => ({
  first: BigInt(first),
  last: BigInt(last),
  tries,
});

describe('a batch', () => {
  it('stays together where nothing was left', () => {
    const batch = batchOf(5, 6, 7);
    expect(partBatch(batch, undefined)).toEqual({ before: [], alone: [], after: batch });
  });

  it('comes one by one where its process died of it, and only there', () => {
    expect(partBatch(batchOf(3, 4, 5, 6, 7, 8), left(5, 6, 0))).toEqual({
      before: batchOf(3, 4),
      alone: batchOf(5, 6),
      after: batchOf(7, 8),
    });
  });

  it('loses no record and keeps their order, whatever was left', () => {
    const offsets = fc.uniqueArray(fc.integer({ min: 0, max: 50 })).map((some) => some.toSorted((a, b) => a - b));
    const range = fc.tuple(fc.integer({ min: 0, max: 50 }), fc.nat(20), fc.nat(3));
    fc.assert(
      fc.property(offsets, range, (some, [first, more, tries]) => {
        const batch = batchOf(...some);
        const { before, alone, after } = partBatch(batch, left(first, first + more, tries));
        expect([...before, ...alone, ...after]).toEqual(batch);
      }),
    );
  });
});

describe('a suspect', () => {
  it('is taken alone, its tries counted, the rest of the range still suspect', () => {
    expect(judge(5n, left(5, 9, 0))).toEqual({ kind: 'take', inHand: left(5, 9, 1) });
    expect(judge(5n, left(5, 9, 2))).toEqual({ kind: 'take', inHand: left(5, 9, 3) });
  });

  it('is put aside after its third death', () => {
    expect(judge(5n, left(5, 9, DEATHS))).toEqual({ kind: 'isolate' });
  });

  it('does not answer for the deaths of the one before it', () => {
    expect(judge(6n, left(5, 9, DEATHS))).toEqual({ kind: 'take', inHand: left(6, 9, 1) });
  });

  it('that was the whole batch has been taken alone', () => {
    expect([together(5n, 5n), together(5n, 6n)]).toEqual([left(5, 5, 1), left(5, 6, 0)]);
  });
});
