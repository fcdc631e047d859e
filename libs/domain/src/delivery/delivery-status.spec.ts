import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  canMove,
  DELIVERY_STATUSES,
  type DeliveryStatus,
  FINAL_STATUSES,
  isFinal,
  MOVES,
  statesBefore,
} from './delivery-status.js';

describe('the states of a delivery', () => {
  it('are reached from scheduled, all of them', () => {
    const reached = new Set<DeliveryStatus>(['scheduled']);
    for (const status of reached) for (const next of MOVES[status]) reached.add(next);
    expect([...reached].toSorted()).toEqual([...DELIVERY_STATUSES].toSorted());
  });

  it('end where somebody outside has to act, and nowhere else', () => {
    expect(DELIVERY_STATUSES.filter((status) => !isFinal(status))).toEqual(['scheduled', 'queued', 'sending']);
    expect(FINAL_STATUSES.filter((status) => MOVES[status].length > 0)).toEqual(['failed', 'unknown', 'expired']);
  });

  it('never lead from a cancel to a sending, on any walk', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 40 }), (choices) => {
        let status: DeliveryStatus = 'scheduled';
        let wasCancelled = false;
        for (const choice of choices) {
          const moves: readonly DeliveryStatus[] = MOVES[status];
          const next = moves[choice % Math.max(1, moves.length)];
          if (next === undefined) break;
          expect(canMove(status, next)).toBe(true);
          status = next;
          wasCancelled ||= status === 'cancelled';
          expect(wasCancelled && status === 'sending').toBe(false);
        }
      }),
    );
  });

  it('are armed from queued only', () => {
    expect(statesBefore('sending')).toEqual(['queued']);
    expect(statesBefore('sent')).toEqual(['sending', 'unknown']);
  });
});
