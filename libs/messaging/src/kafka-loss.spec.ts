import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { acknowledgedNow, kafkaLoss, lossSeenBySend } from './kafka-loss.js';
import type { Acknowledgement } from './publisher.js';

const topic = 'email.status.v1';
const cursor = (cluster: string | null, acknowledged = {}) => ({ cluster, acknowledged });

describe('brokers have lost records', () => {
  it.each([
    ['another cluster', cursor('a'), { cluster: 'b', ends: {} }, /cluster was a and is b/],
    ['a topic that is gone', cursor('a', { [topic]: { 0: '7' } }), { cluster: 'a', ends: {} }, /\/0 is gone/],
    [
      'a partition that is gone',
      cursor('a', { [topic]: { 1: '7' } }),
      { cluster: 'a', ends: { [topic]: { 0: '9' } } },
      /\/1 is gone/,
    ],
    [
      'an end below what was acknowledged',
      cursor('a', { [topic]: { 0: '7' } }),
      { cluster: 'a', ends: { [topic]: { 0: '7' } } },
      /ends at 7/,
    ],
  ])('shown by %s', (_what, known, state, expected) => {
    expect(kafkaLoss(known, state)).toMatch(expected);
  });

  it.each([
    ['at the first look', cursor(null), { cluster: 'a', ends: {} }],
    ['by brokers that do not say who they are', cursor('a'), { cluster: null, ends: {} }],
    ['by records behind ours', cursor('a', { [topic]: { 0: '7' } }), { cluster: 'a', ends: { [topic]: { 0: '8' } } }],
  ])('is not shown %s', (_what, known, state) => {
    expect(kafkaLoss(known, state)).toBeNull();
  });

  it('is seen by a send into a log that is shorter, and by no send into one that grows', () => {
    const partitions = fc.array(fc.record({ partition: fc.nat(3), grow: fc.integer({ min: 1, max: 9 }) }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(partitions, (sends) => {
        const ends = new Map<number, bigint>();
        let known = {};
        for (const { partition, grow } of sends) {
          const offset = ends.get(partition) ?? 0n;
          const sent: Acknowledgement[] = [{ topic, partition, offset: String(offset) }];
          expect(lossSeenBySend(known, sent)).toBeNull();
          known = acknowledgedNow(known, sent);
          ends.set(partition, offset + BigInt(grow));
        }
        for (const partition of ends.keys())
          expect(lossSeenBySend(known, [{ topic, partition, offset: '0' }])).toMatch(/goes on at 0/);
      }),
    );
  });
});
