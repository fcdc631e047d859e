import { describe, expect, it } from '@jest/globals';
import type { JobFact } from '../../api/newer-job.js';
import { paceInWords, rateInWords, stalledInWords, timeInWords } from './job-pace.js';

const now = Date.parse('2026-12-01T09:00:00.000Z');
const at = (seconds: number) => new Date(now + seconds * 1_000).toISOString();
const running = { status: 'running', etaAt: at(90), startedAt: at(-10), finishedAt: null } as const;

describe('the pace of a job', () => {
  it.each([
    [268.1, '268.1 a second'],
    [1, '1 a second'],
    [0.5, '30 a minute'],
    [0.05, '3 a minute'],
    [0.01, '36 an hour'],
    [0, '–'],
    [null, '–'],
  ])('of %j a second is %s', (ratePerSecond, words) =>
    expect(rateInWords({ ratePerSecond, stalled: false })).toBe(words),
  );

  it('is none while nothing moves, whatever the last speed was', () => {
    expect(rateInWords({ ratePerSecond: 0.3, stalled: true })).toBe('–');
  });

  it('is when it will be over, or how long it took', () => {
    expect(timeInWords(running, now)).toBe('in 1 min 30 s');
    expect(timeInWords({ ...running, etaAt: null }, now)).toBe('not known');
    expect(timeInWords({ ...running, status: 'completed', finishedAt: at(8) }, now)).toBe('18 s');
  });

  it('is both in one line, as far as they are known', () => {
    const paced = { ...running, ratePerSecond: 0.05, stalled: false };
    expect(paceInWords(paced, now)).toBe('3 a minute, ends in 1 min 30 s');
    expect(paceInWords({ ...paced, ratePerSecond: 0 }, now)).toBe('ends in 1 min 30 s');
    expect(paceInWords({ ...paced, ratePerSecond: null, etaAt: null }, now)).toBe('');
    expect(paceInWords({ ...paced, status: 'completed', finishedAt: at(8) }, now)).toBe('took 18 s');
  });

  it.each([
    [{ sending: 2, queued: 1, scheduled: 9 }, /: 2 wait for the answer of their server\.$/],
    [{ sending: 0, queued: 3, scheduled: 9 }, /: 3 wait for a sender\.$/],
    [{ sending: 0, queued: 0, scheduled: 9_000 }, /: 9,000 wait to be claimed\.$/],
    [null, /: rows wait to be worked on\.$/],
  ])('says where it stands still when it has stalled: %j', (counts, place) => {
    const job = { counts: counts as unknown as JobFact['counts'], lastActivityAt: at(-45) };
    expect(stalledInWords(job, now)).toMatch(/^Nothing has moved for 40 s, and nothing is known that holds it: /);
    expect(stalledInWords(job, now)).toMatch(place);
  });
});
