import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DELIVERY_STATUSES, type DeliveryStatus } from '../delivery/delivery-status.js';
import { cancellation, type CopyState, decideCancel, decideEdit, isOpen } from './change.js';

const copies = (...states: (DeliveryStatus | 'held' | 'resent')[]): CopyState[] =>
  states.map((state) => ({
    status: state === 'held' ? 'sending' : state === 'resent' ? 'scheduled' : state,
    held: state === 'held',
    resent: state === 'resent',
  }));

const anyCopies = fc.array(fc.constantFrom(...DELIVERY_STATUSES, 'held' as const, 'resent' as const), {
  minLength: 1,
  maxLength: 50,
});

describe('an edit', () => {
  it.each<[(DeliveryStatus | 'held' | 'resent')[], 'content' | 'time', string]>([
    [['scheduled', 'queued'], 'content', 'allowed'],
    [['sending', 'scheduled'], 'content', 'in_flight'],
    [['sent', 'scheduled'], 'content', 'already_sent'],
    [['sent', 'scheduled'], 'time', 'allowed'],
    [['scheduled', 'cancelled'], 'content', 'allowed'],
    [['sent', 'sending'], 'time', 'in_flight'],
    [['held'], 'content', 'outcome_unknown'],
    [['resent'], 'content', 'outcome_unknown'],
    [['resent'], 'time', 'outcome_unknown'],
    [['cancelled'], 'time', 'already_finished'],
    [['failed', 'expired'], 'content', 'already_finished'],
  ])('of copies %j and their %s is %s', (states, what, verdict) => {
    const decision = decideEdit(copies(...states), what);
    expect(decision.kind === 'allowed' ? 'allowed' : decision.code).toBe(verdict);
  });
});

describe('a cancel', () => {
  it.each<[(DeliveryStatus | 'held' | 'resent')[], string]>([
    [['scheduled'], 'allowed'],
    [['sent', 'queued'], 'allowed'],
    [['sending'], 'in_flight'],
    [['sent', 'held'], 'outcome_unknown'],
    [['resent'], 'outcome_unknown'],
    [['resent', 'scheduled'], 'allowed'],
    [['sent'], 'already_sent'],
    [['failed'], 'already_finished'],
    [['cancelled', 'failed'], 'already_finished'],
    [['cancelled', 'cancelled'], 'allowed'],
  ])('of copies %j is %s', (states, verdict) => {
    const decision = decideCancel(copies(...states), false);
    expect(decision.kind === 'allowed' ? 'allowed' : decision.code).toBe(verdict);
  });

  it('is always allowed again', () => {
    fc.assert(fc.property(anyCopies, (states) => decideCancel(copies(...states), true).kind === 'allowed'));
  });

  it('is refused exactly when no copy is open and not all are cancelled', () => {
    fc.assert(
      fc.property(anyCopies, (states) => {
        const all = copies(...states);
        const isDone = all.every(({ status }) => status === 'cancelled');
        expect(decideCancel(all, false).kind === 'allowed').toBe(isDone || all.some(isOpen));
      }),
    );
  });

  it('counts what it caught, and is final when nothing is in flight', () => {
    expect(cancellation(['cancelled', 'sent', 'sending', 'failed'])).toEqual({
      cancelled: 1,
      alreadySent: 1,
      inFlight: 1,
      final: false,
    });
    expect(cancellation(['cancelled']).final).toBe(true);
  });
});
