import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DeliveryId, TenantId } from '#domain';
import { type DueClaim, newId } from '#storage';
import { LookAhead } from './look-ahead.js';

const claim = (dueMs: number): DueClaim => ({
  tenantId: newId<TenantId>(),
  id: newId<DeliveryId>(),
  epoch: 1,
  mode: 'test',
  dueMs,
});
const times = fc.array(fc.integer({ min: 0, max: 1_000 }), { maxLength: 20 });
const dues = (claims: readonly DueClaim[]) => claims.map(({ dueMs }) => dueMs);

describe('what is held until its millisecond', () => {
  it('is never handed out early, keeps its order, and nothing is lost or doubled', () => {
    const steps = fc.array(fc.record({ arriving: times, passMs: fc.integer({ min: 0, max: 300 }) }), { maxLength: 20 });
    fc.assert(
      fc.property(steps, (script) => {
        const lookAhead = new LookAhead();
        const given: DueClaim[] = [];
        const taken: DueClaim[] = [];
        let nowMs = 0;
        for (const { arriving, passMs } of script) {
          const claims = arriving.map(claim);
          lookAhead.hold(claims);
          given.push(...claims);
          nowMs += passMs;
          const due = lookAhead.take(nowMs);
          expect(due.every(({ dueMs }) => dueMs <= nowMs)).toBe(true);
          expect(dues(due)).toEqual(dues(due).toSorted((a, b) => a - b));
          taken.push(...due);
          expect(lookAhead.size).toBe(given.length - taken.length);
          expect(lookAhead.nextDueMs === undefined || lookAhead.nextDueMs > nowMs).toBe(true);
        }
        taken.push(...lookAhead.takeAll());
        expect(new Set(taken)).toEqual(new Set(given));
        expect(taken).toHaveLength(given.length);
        expect(lookAhead.nextDueMs).toBeUndefined();
      }),
    );
  });

  it('wakes for the earliest, whatever order the claims came in', () => {
    const lookAhead = new LookAhead();
    lookAhead.hold([claim(500)]);
    lookAhead.hold([claim(900), claim(100)]);
    expect(lookAhead.nextDueMs).toBe(100);
    expect(dues(lookAhead.take(500))).toEqual([100, 500]);
  });
});
