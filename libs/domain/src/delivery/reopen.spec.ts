import { describe, expect, it } from '@jest/globals';
import { canMove, DELIVERY_STATUSES } from './delivery-status.js';
import { reopenRefusal } from './reopen.js';

const NOTHING_AGAINST_IT = { isCancelled: false, hasExpired: false };

describe('a delivery is sent again on a person’s word', () => {
  it('where the state machine allows it, and nowhere else', () => {
    for (const status of DELIVERY_STATUSES) {
      const mayReopen = canMove(status, 'scheduled') && status !== 'queued' && status !== 'sending';
      expect([status, reopenRefusal({ status, ...NOTHING_AGAINST_IT }, true) === null]).toEqual([status, mayReopen]);
    }
  });

  it('where it may have arrived only when that is accepted', () => {
    expect(reopenRefusal({ status: 'unknown', ...NOTHING_AGAINST_IT }, false)).toBe('outcome_unknown');
  });

  it.each(['failed', 'expired', 'unknown'] as const)(
    'never when %s and its email is cancelled or has expired',
    (status) => {
      expect(reopenRefusal({ status, isCancelled: true, hasExpired: true }, true)).toBe('email_cancelled');
      expect(reopenRefusal({ status, isCancelled: false, hasExpired: true }, true)).toBe('expires_at_passed');
    },
  );
});
