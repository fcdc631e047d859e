import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DELIVERY_STATUSES, FINAL_STATUSES, isFinal } from './delivery-status.js';
import type { LineWait } from '../pacing/line-turn.js';
import { explainDelivery, WAIT_REASONS, type WaitingDelivery } from './explain.js';

const NOW = new Date('2027-01-05T09:00:00Z');
const at = (offsetSeconds: number) => new Date(NOW.getTime() + offsetSeconds * 1000);
const scheduled: WaitingDelivery = {
  status: 'scheduled',
  eligibleAt: at(-60),
  dueAt: at(-60),
  holdUntil: null,
  isPaused: false,
  reason: null,
};
const why = (wish: Partial<WaitingDelivery>) => explainDelivery({ ...scheduled, ...wish }, NOW);

const offset = fc.integer({ min: -1_000_000, max: 1_000_000 }).map(at);
const any: fc.Arbitrary<WaitingDelivery> = fc.record({
  status: fc.constantFrom(...DELIVERY_STATUSES),
  eligibleAt: offset,
  dueAt: offset,
  holdUntil: fc.option(offset),
  isPaused: fc.boolean(),
  reason: fc.constantFrom(null, 'provider_down', 'slow_rendering', 'missed', 'ambiguous'),
});

const LIMIT = { reason: 'limit', scope: 'tenant', max: 5, windowSeconds: 3_600, used: 5 } as const;
const WINDOW = { reason: 'window', scope: null, max: null, windowSeconds: null, used: null } as const;
/** What the line says at any instant until then. */
const turn = (waits: readonly LineWait[], nextMs: number) => (ms: number) =>
  ms < nextMs ? { nextMs, waits } : { nextMs: ms, waits: [] };

describe('an explanation of what waits for a limit', () => {
  const ms = (offsetSeconds: number) => at(offsetSeconds).getTime();
  const used = { scope: 'tenant', max: 5, windowSeconds: 3_600, used: 5 };

  it('names the limit, what was used of it, and until when', () => {
    const explained = explainDelivery(scheduled, NOW, turn([{ ...LIMIT, untilMs: ms(90) }], ms(90)));
    expect(explained).toEqual({
      nextEligibleAt: at(90),
      waitingFor: [{ reason: 'limit', until: at(90), limit: used }],
    });
  });

  it('says when a window is open again that shuts before the limit gives', () => {
    const waits = [
      { ...LIMIT, untilMs: ms(90) },
      { ...WINDOW, untilMs: ms(60) },
    ];
    const explained = explainDelivery(scheduled, NOW, turn(waits, ms(3_600)));
    expect(explained.nextEligibleAt).toEqual(at(3_600));
    expect(explained.waitingFor.map(({ reason }) => reason)).toEqual(['limit', 'window']);
  });

  it('says nothing of a limit that gives before it is due', () => {
    const later = { ...scheduled, eligibleAt: at(600), dueAt: at(600) };
    expect(explainDelivery(later, NOW, turn([{ ...LIMIT, untilMs: ms(90) }], ms(90))).waitingFor).toEqual([
      { reason: 'not_due', until: at(600) },
    ]);
  });

  it('says until when it lets others pass, and for which limit', () => {
    const passing = { ...scheduled, dueAt: at(300), reason: 'limit' };
    const named = explainDelivery(passing, NOW, turn([{ ...LIMIT, untilMs: ms(90) }], ms(90)));
    expect(named).toEqual({ nextEligibleAt: at(300), waitingFor: [{ reason: 'limit', until: at(300), limit: used }] });
    expect(explainDelivery(passing, NOW).waitingFor).toEqual([{ reason: 'limit', until: at(300) }]);
  });

  it('says that a pause outlasts it', () => {
    const explained = explainDelivery(
      { ...scheduled, isPaused: true },
      NOW,
      turn([{ ...LIMIT, untilMs: ms(9) }], ms(9)),
    );
    expect(explained.nextEligibleAt).toBeNull();
    expect(explained.waitingFor.map(({ reason }) => reason)).toEqual(['pause', 'limit']);
  });
});

describe('an explanation', () => {
  it.each<[string, Partial<WaitingDelivery>, readonly string[], Date | null]>([
    ['its time has not come', { eligibleAt: at(60), dueAt: at(60) }, ['not_due'], at(60)],
    ['an attempt failed for now', { dueAt: at(300) }, ['retry_backoff'], at(300)],
    ['its provider is away', { dueAt: at(30), reason: 'provider_down' }, ['provider_down'], at(30)],
    ['its email takes too long to render', { dueAt: at(30), reason: 'slow_rendering' }, ['slow_rendering'], at(30)],
    ['it was missed and a person decides', { reason: 'missed' }, ['missed'], null],
    ['its email is paused', { isPaused: true }, ['pause'], null],
    ['it waits its turn', {}, ['queued'], at(-60)],
    ['its provider was away, and it waits its turn', { reason: 'provider_down' }, ['queued'], at(-60)],
    ['it was claimed', { status: 'queued' }, ['queued'], at(-60)],
    ['it is at a server', { status: 'sending' }, ['in_flight'], null],
    ['nobody knows yet', { status: 'sending', holdUntil: at(600) }, ['hold'], at(600)],
    ['pause outlasts its time', { eligibleAt: at(60), dueAt: at(60), isPaused: true }, ['pause', 'not_due'], null],
    ['pause outlasts its hold', { status: 'sending', holdUntil: at(9), isPaused: true }, ['pause', 'hold'], null],
  ])('%s', (_, wish, reasons, nextEligibleAt) => {
    const explanation = why(wish);
    expect(explanation.waitingFor.map(({ reason }) => reason)).toEqual(reasons);
    expect(explanation.nextEligibleAt).toEqual(nextEligibleAt);
  });

  it('is empty of what is finished, and of nothing else', () => {
    fc.assert(
      fc.property(any, (delivery) => {
        const { waitingFor, nextEligibleAt } = explainDelivery(delivery, NOW);
        expect(waitingFor.length === 0).toBe(isFinal(delivery.status));
        if (isFinal(delivery.status)) expect(nextEligibleAt).toBeNull();
      }),
    );
    expect(FINAL_STATUSES.map((status) => why({ status }).waitingFor)).toEqual(FINAL_STATUSES.map(() => []));
  });

  it('names no cause twice, and the one that ends last first', () => {
    fc.assert(
      fc.property(any, (delivery) => {
        const { waitingFor } = explainDelivery(delivery, NOW);
        expect(new Set(waitingFor.map(({ reason }) => reason)).size).toBe(waitingFor.length);
        const ends = waitingFor.map(({ until }) => until?.getTime() ?? Infinity);
        expect(ends).toEqual(ends.toSorted((a, b) => (a === b ? 0 : b - a)));
        for (const { reason } of waitingFor) expect(WAIT_REASONS).toContain(reason);
      }),
    );
  });

  it('never promises an instant before one of its causes has passed', () => {
    fc.assert(
      fc.property(any, (delivery) => {
        const { waitingFor, nextEligibleAt } = explainDelivery(delivery, NOW);
        if (nextEligibleAt === null) return;
        for (const { until } of waitingFor)
          if (until) expect(until.getTime()).toBeLessThanOrEqual(nextEligibleAt.getTime());
        if (delivery.status === 'scheduled') expect(nextEligibleAt.getTime()).toBe(delivery.dueAt.getTime());
      }),
    );
  });
});
