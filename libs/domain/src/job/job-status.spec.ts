import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DELIVERY_STATUSES, type DeliveryStatus } from '../delivery/delivery-status.js';
import { type AudienceState, audienceStatusOf, type CopyCounts, jobStatusOf, openCopies } from './job-status.js';

const counts = (some: Partial<Record<DeliveryStatus, number>>): CopyCounts => {
  const byStatus = Object.fromEntries(DELIVERY_STATUSES.map((status) => [status, some[status] ?? 0])) as Record<
    DeliveryStatus,
    number
  >;
  return { ...byStatus, total: Object.values(byStatus).reduce((sum, one) => sum + one, 0) };
};
const FINAL = ['completed', 'completed_with_errors', 'cancelled'];
const anyCounts = fc
  .record(Object.fromEntries(DELIVERY_STATUSES.map((status) => [status, fc.nat(3)])))
  .map((some) => counts(some));

describe('a job of emails', () => {
  it('is final when, and only when, no copy is open', () => {
    fc.assert(
      fc.property(anyCounts, fc.boolean(), (some, isCancelled) => {
        expect(FINAL.includes(jobStatusOf(some, 0, isCancelled))).toBe(openCopies(some) === 0);
      }),
    );
  });

  it('waits, runs and ends', () => {
    expect(jobStatusOf(counts({ scheduled: 2 }), 0, false)).toBe('scheduled');
    expect(jobStatusOf(counts({ scheduled: 1, queued: 1 }), 0, false)).toBe('running');
    expect(jobStatusOf(counts({ scheduled: 1, sent: 1 }), 0, false)).toBe('running');
    expect(jobStatusOf(counts({ sent: 2 }), 0, false)).toBe('completed');
  });

  it('ends with errors when anything failed or nobody knows', () => {
    expect(jobStatusOf(counts({ sent: 1, failed: 1 }), 0, false)).toBe('completed_with_errors');
    expect(jobStatusOf(counts({ sent: 1, unknown: 1 }), 0, false)).toBe('completed_with_errors');
    expect(jobStatusOf(counts({ sent: 1, suppressed: 1, expired: 1 }), 0, false)).toBe('completed');
  });

  it('is paused when all that is open is', () => {
    expect(jobStatusOf(counts({ scheduled: 2, sent: 1 }), 2, false)).toBe('paused');
    expect(jobStatusOf(counts({ scheduled: 2, sent: 1 }), 1, false)).toBe('running');
  });

  it('is cancelled when somebody cancelled it or every copy, but not while something is in flight', () => {
    expect(jobStatusOf(counts({ cancelled: 2 }), 0, false)).toBe('cancelled');
    expect(jobStatusOf(counts({ cancelled: 1, sent: 1 }), 0, false)).toBe('completed');
    expect(jobStatusOf(counts({ cancelled: 1, sent: 1 }), 0, true)).toBe('cancelled');
    expect(jobStatusOf(counts({ cancelled: 1, sending: 1 }), 0, true)).toBe('running');
  });

  it('without any email is complete', () => {
    expect(jobStatusOf(counts({}), 0, false)).toBe('completed');
  });
});

describe('a job of a campaign or a load test', () => {
  const state = (wish: Partial<AudienceState> = {}): AudienceState => ({
    isDraft: false,
    isPaused: false,
    isCancelled: false,
    isGrowing: false,
    hasBegun: true,
    ...wish,
  });

  it('is final when, and only when, no copy is open and none will come', () => {
    fc.assert(
      fc.property(anyCounts, fc.boolean(), fc.boolean(), fc.boolean(), (some, isCancelled, isGrowing, isPaused) => {
        const status = audienceStatusOf(some, state({ isCancelled, isGrowing, isPaused }));
        expect(FINAL.includes(status)).toBe(openCopies(some) === 0 && !isGrowing);
      }),
    );
  });

  it('waits for its start, and runs from the first copy that moves', () => {
    expect(audienceStatusOf(counts({ scheduled: 2 }), state({ hasBegun: false }))).toBe('scheduled');
    expect(audienceStatusOf(counts({ scheduled: 1, queued: 1 }), state({ hasBegun: false }))).toBe('running');
    expect(audienceStatusOf(counts({ scheduled: 2 }), state())).toBe('running');
  });

  it('is a draft until it is started', () => {
    expect(audienceStatusOf(counts({}), state({ isDraft: true }))).toBe('draft');
  });

  it('that was cancelled while paused still has to end', () => {
    const paused = state({ isPaused: true });
    expect(audienceStatusOf(counts({ scheduled: 1 }), paused)).toBe('paused');
    expect(audienceStatusOf(counts({ scheduled: 1 }), { ...paused, isCancelled: true })).toBe('running');
    expect(audienceStatusOf(counts({ cancelled: 1, sent: 1 }), { ...paused, isCancelled: true })).toBe('cancelled');
  });
});
