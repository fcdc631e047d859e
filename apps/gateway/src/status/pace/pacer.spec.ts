import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LiveEvent } from '../live-event.js';
import { completed, deliveriesIn, event, progress, say, sent } from './events.js';
import { Pacer } from './pacer.js';

interface Told {
  readonly at: number;
  readonly event: LiveEvent;
}

const TICK = 25;

/** Plays what happens and looks every 25 ms at what is due, until nothing waits any more. */
function play(happens: readonly { readonly at: number; readonly event: LiveEvent }[]): Told[] {
  const pacer = new Pacer(say);
  const told: Told[] = [];
  const tell = (at: number, events: readonly LiveEvent[]) => told.push(...events.map((each) => ({ at, event: each })));
  let now = 0;
  const lookUntil = (end: number) => {
    for (; now <= end; now += TICK) tell(now, pacer.due(now));
  };
  for (const { at, event: happened } of happens) {
    lookUntil(at);
    tell(at, pacer.take(happened, at));
  }
  const last = happens.at(-1)?.at ?? 0;
  lookUntil(last + 60_000);
  expect(pacer.isWaiting).toBe(false);
  return told;
}

const course = (kinds: readonly ((n: number) => LiveEvent)[]) =>
  fc
    .array(fc.record({ wait: fc.oneof(fc.constant(0), fc.nat(400)), kind: fc.nat(kinds.length - 1) }), {
      minLength: 1,
      maxLength: 700,
    })
    .map((steps) => {
      let at = 0;
      return steps.map(({ wait, kind }, index) => {
        at += wait;
        return { at, event: kinds[kind]?.(index + 1) ?? sent(index + 1) };
      });
    });

/** The most that lie in any second. */
function mostInASecond(instants: readonly number[]): number {
  return Math.max(0, ...instants.map((start) => instants.filter((at) => at >= start && at < start + 1_000).length));
}

const typesAt = (told: readonly Told[]) => told.map(({ at, event: { type, id } }) => `${at} ${type} ${id}`);

describe('the progress of a job', () => {
  const jobs = course([
    (n) => progress(n),
    (n) => progress(n, 'job_b'),
    (n) => completed(n),
    (n) => event('email.updated', n),
  ]);

  it('is told at most 4 times a second', () => {
    fc.assert(
      fc.property(jobs, (happens) => {
        const told = play(happens);
        for (const job of ['job_a', 'job_b']) {
          const of = told.filter(({ event: { type, data } }) => {
            return type === 'job.progress' && (data as { jobId: string }).jobId === job;
          });
          expect(mostInASecond(of.map(({ at }) => at))).toBeLessThanOrEqual(4);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('is always told to its last, before the end that follows it, and never backwards', () => {
    fc.assert(
      fc.property(jobs, (happens) => {
        const told = play(happens).map(({ event: { id } }) => id);
        const ofJob = happens.filter(({ event: { data } }) => (data as { jobId?: string }).jobId === 'job_a');
        ofJob.forEach(({ event: each }, index) => {
          const next = ofJob[index + 1]?.event;
          if (each.type === 'job.progress' && next?.type === 'job.progress') return; // the next says it all
          expect(told.filter((id) => id === each.id)).toHaveLength(1);
        });
        const order = told.filter((id) => ofJob.some(({ event: each }) => each.id === id));
        expect(order).toEqual(order.toSorted((a, b) => Number(a.slice(4)) - Number(b.slice(4))));
      }),
      { numRuns: 100 },
    );
  });

  it('is told at once when the job was quiet, and else as soon as it may', () => {
    const happens = [0, 10, 20, 300].map((at, index) => ({ at, event: progress(index + 1) }));
    expect(typesAt(play(happens))).toEqual([
      '0 job.progress evt_1',
      '250 job.progress evt_3',
      '500 job.progress evt_4',
    ]);
  });
});

describe('deliveries', () => {
  const deliveries = course([(n) => sent(n), (n) => sent(n), (n) => sent(n), (n) => event('email.created', n)]).map(
    (happens) => happens.map(({ at, event: each }) => ({ at: Math.floor(at / 20), event: each })),
  );

  it('are told or counted as left out, each of them', () => {
    fc.assert(
      fc.property(deliveries, (happens) => {
        const told = play(happens).map(({ event: each }) => each);
        expect(deliveriesIn(told)).toBe(deliveriesIn(happens.map(({ event: each }) => each)));
        expect(told.filter(({ type }) => type === 'email.created')).toHaveLength(
          happens.filter(({ event: { type } }) => type === 'email.created').length,
        );
      }),
      { numRuns: 100 },
    );
  });

  it('are at most 200 in any second', () => {
    const happens = Array.from({ length: 3_000 }, (_, n) => ({ at: n, event: sent(n + 1) }));
    const told = play(happens);
    const at = told.filter(({ event: { type } }) => type === 'delivery.sent').map((each) => each.at);
    expect(mostInASecond(at)).toBe(200);
    expect(deliveriesIn(told.map(({ event: each }) => each))).toBe(3_000);
  });

  it('that are left out are told with the cursors of the first and the last, a second later', () => {
    const happens = Array.from({ length: 203 }, (_, n) => ({ at: 0, event: sent(n + 1) }));
    const [skipped] = play(happens).filter(({ event: { type } }) => type === 'events.skipped');
    expect(skipped).toMatchObject({
      at: 1_000,
      event: { topic: 'tenant', cursor: 'c_203', data: { count: 3, from: 'c_201', to: 'c_203' } },
    });
  });
});
