import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Backlog } from './backlog.js';
import { completed, deliveriesIn, event, progress, say, sent } from './events.js';

const backlogOf = (deliveries = 0, others = 1_000) => new Backlog({ deliveries, others }, say);
const idsOf = (backlog: Backlog) => backlog.drain().map(({ type, id }) => (type === 'events.skipped' ? 'skipped' : id));

describe('a backlog', () => {
  it('keeps every event but deliveries, and of progress the newest, in order', () => {
    const backlog = backlogOf();
    for (const each of [progress(1), event('email.created', 2), progress(3), completed(4), progress(5), progress(6)])
      backlog.add(each);
    expect(idsOf(backlog)).toEqual(['evt_2', 'evt_3', 'evt_4', 'evt_6']);
    expect(idsOf(backlog)).toEqual([]);
  });

  it('says what it left out where the first of it was, once for each topic', () => {
    const backlog = backlogOf(1);
    for (const each of [sent(1), sent(2), event('email.created', 3), sent(4), sent(5, 'email:em_1')]) backlog.add(each);
    expect(backlog.drain()).toMatchObject([
      { id: 'evt_1' },
      { type: 'events.skipped', topic: 'tenant', data: { count: 2, from: 'c_2', to: 'c_4' } },
      { id: 'evt_3' },
      { type: 'events.skipped', topic: 'email:em_1', data: { count: 1, from: 'c_5', to: 'c_5' } },
    ]);
  });

  it('is overfull when there is too much that may not be left out', () => {
    const backlog = backlogOf(2, 2);
    for (let n = 1; n <= 100; n += 1) backlog.add(sent(n));
    for (let n = 101; n <= 200; n += 1) backlog.add(progress(n));
    backlog.add(event('email.created', 201));
    expect(backlog.isOverfull).toBe(false);
    backlog.add(event('email.created', 202));
    expect(backlog.isOverfull).toBe(true);
  });

  it('accounts for every delivery, whatever comes, and has the last progress of every job', () => {
    const kinds = [sent, (n: number) => progress(n), (n: number) => progress(n, 'job_b'), (n: number) => completed(n)];
    const skipped = (n: number) => say({ topic: 'tenant', count: n, from: `c_${n}`, to: `c_${n}` });
    const what = fc.array(fc.nat(kinds.length), { maxLength: 200 });
    fc.assert(
      fc.property(what, fc.nat(20), (steps, limit) => {
        const events = steps.map((kind, index) => (kinds[kind] ?? skipped)(index + 1));
        const backlog = backlogOf(limit);
        for (const each of events) backlog.add(each);
        const drained = backlog.drain();
        expect(deliveriesIn(drained)).toBe(deliveriesIn(events));
        for (const job of ['job_a', 'job_b']) {
          const isOf = ({ type, data }: { type: string; data: unknown }) =>
            type === 'job.progress' && (data as { jobId: string }).jobId === job;
          expect(drained.findLast(isOf)).toBe(events.findLast(isOf));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('forgets what was told in another way', () => {
    const backlog = backlogOf(1);
    backlog.add(sent(1));
    expect(backlog.forget(sent(1))).toBe(true);
    expect(backlog.forget(sent(1))).toBe(false);
    backlog.add(sent(2));
    expect(idsOf(backlog)).toEqual(['evt_2']);
  });
});
