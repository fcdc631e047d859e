import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Outcome } from './outcome.js';
import { decideRetry, MAX_ATTEMPTS, RETRY_DELAYS_SECONDS } from './retry-schedule.js';
import { decideSettlement, type SettleFacts } from './settle.js';

const facts: SettleFacts = {
  attempt: 1,
  budgetLeftSeconds: 86_400,
  onUnknown: 'at_least_once',
  resends: 0,
  providerBackSeconds: 30,
};
const fault: Outcome = { kind: 'provider_fault', phase: 'connecting', reply: null, error: 'auth' };
const busy = { code: 451, enhanced: '4.3.0', text: '4.3.0 try later' };
const temporary: Outcome = { kind: 'temporary', phase: 'envelope', reply: busy, error: null };
const ambiguous: Outcome = { kind: 'unknown', phase: 'dot_released', error: 'closed' };

describe('the end of an attempt', () => {
  it('is sent when a server accepted it', () => {
    const reply = { code: 250, enhanced: '2.0.0', text: '2.0.0 ok' };
    expect(decideSettlement({ kind: 'accepted', phase: 'reply_received', reply }, facts, 0)).toEqual({
      kind: 'sent',
      reply,
    });
  });

  it('is a retry by schedule after a temporary failure, and never before its time', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: MAX_ATTEMPTS - 1 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (attempt, random) => {
          const decision = decideRetry(attempt, Infinity, random);
          const base = RETRY_DELAYS_SECONDS[Math.min(attempt, RETRY_DELAYS_SECONDS.length) - 1] ?? 0;
          expect(decision).toMatchObject({ kind: 'retry' });
          if (decision.kind !== 'retry') return;
          expect(decision.delaySeconds).toBeGreaterThanOrEqual(base);
          expect(decision.delaySeconds).toBeLessThanOrEqual(base * 1.2);
        },
      ),
    );
  });

  it('is failed when the time for retries is spent, with the last reply', () => {
    const settlement = decideSettlement(temporary, { ...facts, budgetLeftSeconds: 59 }, 0);
    expect(settlement).toEqual({ kind: 'failed', reason: 'time_budget_spent', reply: busy, error: null });
    expect(
      decideSettlement(temporary, { ...facts, attempt: MAX_ATTEMPTS, budgetLeftSeconds: Infinity }, 0),
    ).toMatchObject({ reason: 'attempts_exhausted' });
  });

  it("waits for its provider when the fault is the provider's, and not for ever", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.integer({ min: 1, max: MAX_ATTEMPTS * 2 }),
        (random, attempt) => {
          const settlement = decideSettlement(fault, { ...facts, attempt }, random);
          expect(settlement).toMatchObject({ kind: 'parked' });
          if (settlement.kind !== 'parked') return;
          expect(settlement.delaySeconds).toBeGreaterThanOrEqual(30);
          expect(settlement.delaySeconds).toBeLessThanOrEqual(45);
        },
      ),
    );
    expect(decideSettlement(fault, { ...facts, budgetLeftSeconds: 7 }, 0)).toMatchObject({ delaySeconds: 7 });
    expect(decideSettlement(fault, { ...facts, budgetLeftSeconds: 0 }, 0)).toMatchObject({
      kind: 'failed',
      reason: 'time_budget_spent',
    });
    expect(decideSettlement(fault, { ...facts, budgetLeftSeconds: 0, providerBackSeconds: null }, 0)).toMatchObject({
      kind: 'failed',
      reason: 'no_provider',
    });
  });

  it('is held once where it must arrive, and unknown where it must not come twice', () => {
    expect(decideSettlement(ambiguous, facts, 0)).toMatchObject({ kind: 'held', holdSeconds: 600 });
    expect(decideSettlement(ambiguous, { ...facts, resends: 1 }, 0)).toMatchObject({ kind: 'unknown' });
    expect(decideSettlement(ambiguous, { ...facts, onUnknown: 'at_most_once' }, 0)).toMatchObject({ kind: 'unknown' });
  });

  it('is never failed when an earlier attempt may have arrived: that stays unknown', () => {
    const refused: Outcome = {
      kind: 'permanent',
      phase: 'envelope',
      reply: busy,
      reason: 'smtp_permanent',
      error: null,
    };
    for (const outcome of [refused, temporary, fault]) {
      const spent = { ...facts, budgetLeftSeconds: 0 };
      expect(decideSettlement(outcome, spent, 0)).toMatchObject({ kind: 'failed' });
      expect(decideSettlement(outcome, { ...spent, resends: 1 }, 0)).toMatchObject({ kind: 'unknown' });
    }
    expect(decideSettlement(refused, { ...facts, resends: 1 }, 0)).toMatchObject({ kind: 'unknown', reply: busy });
  });

  it('is given back when the dot was withheld, and nothing at all when the gate refused', () => {
    expect(decideSettlement({ kind: 'withheld', error: 'late' }, facts, 0)).toEqual({
      kind: 'given_back',
      delaySeconds: 1,
      error: 'late',
    });
    expect(decideSettlement({ kind: 'withheld', error: 'late' }, { ...facts, budgetLeftSeconds: 0 }, 0)).toMatchObject({
      kind: 'failed',
      reason: 'time_budget_spent',
    });
    expect(decideSettlement({ kind: 'refused' }, facts, 0)).toEqual({ kind: 'nothing' });
  });
});
