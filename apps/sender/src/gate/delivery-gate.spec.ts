import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ProviderId } from '#domain';
import { type Armed, newId } from '#storage';
import { createLog } from '#telemetry';
import { aDelivery } from '../testing/claimed-delivery.js';
import type { Armer } from './armer.js';
import { DeliveryGate } from './delivery-gate.js';
import { LEASE_MS } from './sender-lease.js';

const delivery = aDelivery({ epoch: 4, contentVersion: 2 });
const gateOf = (ask: () => Promise<Armed | undefined>) =>
  new DeliveryGate(
    { ask } as unknown as Armer,
    delivery,
    newId<ProviderId>(),
    createLog({ app: 'sender', level: 'silent', pretty: false }),
  );

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('the gate', () => {
  it('that says yes counts the attempt', async () => {
    const gate = gateOf(() => Promise.resolve({ attempt: 3 }));
    expect(await gate.arm()).toBe('armed');
    expect(gate).toMatchObject({ armedAttempt: 3, mayBeArmed: true });
  });

  it('that says no leaves nothing to undo', async () => {
    const gate = gateOf(() => Promise.resolve(undefined));
    expect(await gate.arm()).toBe('refused');
    expect([gate.armedAttempt, gate.mayBeArmed]).toEqual([undefined, false]);
  });

  it('that says yes too late forbids, and what it armed is undone', async () => {
    const gate = gateOf(async () => {
      await jest.advanceTimersByTimeAsync(LEASE_MS + 1);
      return { attempt: 1 };
    });
    expect(await gate.arm()).toBe('expired');
    expect(gate).toMatchObject({ armedAttempt: 1, mayBeArmed: true });
  });

  it('whose answer is lost forbids, and may have armed', async () => {
    const gate = gateOf(() => Promise.reject(new Error('Connection terminated')));
    expect(await gate.arm()).toBe('expired');
    expect([gate.armedAttempt, gate.mayBeArmed]).toEqual([undefined, true]);
  });
});
