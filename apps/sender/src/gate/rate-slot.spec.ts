import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type LimitId, RATED_RELEASE_MS } from '#domain';
import { newId, type RateAnswer } from '#storage';
import { aDelivery } from '../testing/claimed-delivery.js';
import { rateSlot } from './rate-slot.js';
import { LEASE_MS } from './sender-lease.js';

const delivery = aDelivery({ charged: [newId<LimitId>()] });
const armerOf = (...answers: RateAnswer[]) => {
  const asked: number[] = [];
  const charge = () => {
    asked.push(performance.now());
    return Promise.resolve(answers.shift() ?? { kind: 'charged' as const });
  };
  return { charge, asked };
};

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('a slot of a rate', () => {
  it('is not asked for by what is under no limit', async () => {
    const armer = armerOf();
    expect((await rateSlot(armer, aDelivery())).kind).toBe('open');
    expect(armer.asked).toEqual([]);
  });

  it('is to be used within a tight time', async () => {
    const slot = await rateSlot(armerOf({ kind: 'charged' }), delivery);
    if (slot.kind !== 'open') throw new Error('the slot is open');
    await jest.advanceTimersByTimeAsync(RATED_RELEASE_MS);
    expect(slot.lease.isOver()).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(slot.lease.isOver()).toBe(true);
  });

  it('that no rate asks for lasts like every other', async () => {
    const slot = await rateSlot(armerOf({ kind: 'free' }), delivery);
    if (slot.kind !== 'open') throw new Error('the slot is open');
    await jest.advanceTimersByTimeAsync(LEASE_MS);
    expect(slot.lease.isOver()).toBe(false);
  });

  it('is waited for on the connection, as long as the rate says', async () => {
    const armer = armerOf({ kind: 'wait', ms: 700 }, { kind: 'wait', ms: 900 });
    const slot = rateSlot(armer, delivery);
    await jest.advanceTimersByTimeAsync(1_600);
    expect((await slot).kind).toBe('open');
    expect(armer.asked.map((at) => at - (armer.asked[0] ?? 0))).toEqual([0, 700, 1_600]);
  });

  it('that is far away is not waited for', async () => {
    expect(await rateSlot(armerOf({ kind: 'wait', ms: 5_000 }), delivery)).toEqual({ kind: 'later', ms: 5_000 });
  });
});
