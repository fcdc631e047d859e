import { describe, expect, it } from '@jest/globals';
import type { JobFact } from '../../api/newer-job.js';
import { rateInWords, stalledInWords, timeInWords } from './job-pace.js';

const now = Date.parse('2026-12-01T09:00:00.000Z');
const at = (seconds: number) => new Date(now + seconds * 1_000).toISOString();
const running = { status: 'running', etaAt: at(90), startedAt: at(-10), finishedAt: null } as const;

describe('the pace of a job', () => {
  it('is how many a second, where that is known', () => {
    expect([rateInWords({ ratePerSecond: 268.1 }), rateInWords({ ratePerSecond: null })]).toEqual([
      '268.1 a second',
      '–',
    ]);
  });

  it('is when it will be over, or how long it took', () => {
    expect(timeInWords(running, now)).toBe('in 1 min 30 s');
    expect(timeInWords({ ...running, etaAt: null }, now)).toBe('not known');
    expect(timeInWords({ ...running, status: 'completed', finishedAt: at(8) }, now)).toBe('18 s');
  });

  it.each([
    [{ sending: 2, queued: 1, scheduled: 9 }, /2 wait for the answer/],
    [{ sending: 0, queued: 3, scheduled: 9 }, /3 wait for a sender/],
    [{ sending: 0, queued: 0, scheduled: 9 }, /9 wait to be claimed/],
  ])('has a reason when it stalls', (counts, reason) => {
    const job = { counts: counts as unknown as JobFact['counts'], lastActivityAt: at(-45) };
    expect(stalledInWords(job, now)).toMatch(/^Nothing has moved for 45 s\. /);
    expect(stalledInWords(job, now)).toMatch(reason);
  });

  it.each([
    [
      { reason: 'limit', scope: 'tenant', max: 1_000, windowSeconds: 3_600, used: 1_000, until: at(60) },
      /the limit of tenant \(1,000 of 1,000 in 3600 s\), at least until /,
    ],
    [{ reason: 'window', scope: null, until: null }, /It waits for the hours in which it may be sent\.$/],
    [{ reason: 'provider_away' }, /It waits for provider away\.$/],
  ])('says what the job waits for, when its answer does', (wait, reason) => {
    const counts = { sending: 0, queued: 0, scheduled: 9 } as unknown as JobFact['counts'];
    expect(stalledInWords({ counts, lastActivityAt: at(-45), waitingFor: [wait] }, now)).toMatch(reason);
  });
});
