import { describe, expect, it } from '@jest/globals';
import type { JobFact } from '../../api/newer-job.js';
import { jobInWords, progressInWords, segmentsOf, shareDone } from './job-segments.js';

const counts = {
  total: 5_000,
  scheduled: 1_754,
  queued: 40,
  sending: 32,
  sent: 3_150,
  failed: 24,
  unknown: 0,
  cancelled: 0,
  expired: 0,
  suppressed: 0,
};
const job = {
  total: 5_000,
  expected: 5_000,
  progress: 0.635,
  status: 'running',
  counts,
  rows: null,
  stalled: false,
} as JobFact;
const sum = (of: JobFact) => segmentsOf(of).reduce((total, { count }) => total + count, 0);

describe('the parts of a job', () => {
  it('are the nine states, which sum to the total', () => {
    expect(segmentsOf(job)).toHaveLength(9);
    expect(sum(job)).toBe(5_000);
  });

  it('are rows, where it works on rows', () => {
    const rows = { total: 10, done: 6, ok: 5, rejected: 1 };
    expect(segmentsOf({ total: 10, expected: 10, counts: null, rows })).toEqual([
      { name: 'ok', count: 5 },
      { name: 'rejected', count: 1 },
      { name: 'waiting', count: 4 },
    ]);
  });
});

describe('a job whose copies are still being made', () => {
  const made = { ...counts, total: 2_000, scheduled: 60, queued: 20, sending: 20, sent: 1_900, failed: 0 };
  const growing = { ...job, total: 2_000, expected: 1_000_000, expanding: true, progress: 0.002, counts: made };

  it('is as far as it is of all that there will be: so it never goes back', () => {
    expect(progressInWords(growing)).toBe('1,900 of 1,000,000 done (0.2\u00a0%)');
    expect(shareDone(growing)).toBe(0.0019);
  });

  it('has those that are not made yet as a part', () => {
    expect(segmentsOf(growing).at(-1)).toEqual({ name: 'not_made_yet', count: 998_000 });
    expect(sum(growing)).toBe(1_000_000);
  });
});

describe('a job in words', () => {
  it('does not call a little nothing', () => {
    const begun = {
      ...job,
      progress: 0,
      counts: { ...counts, scheduled: 4_998, queued: 0, sending: 0, sent: 2, failed: 0 },
    };
    expect(progressInWords(begun)).toBe('2 of 5,000 done (0.1\u00a0%)');
  });

  it('says how far it is', () => expect(progressInWords(job)).toBe('3,174 of 5,000 done (63.5\u00a0%)'));

  it('says what a listener must know', () => {
    expect(jobInWords(job, 0)).toBe('Running: 3,174 of 5,000 done (63.5\u00a0%), 24 without success.');
    expect(jobInWords({ ...job, stalled: true }, 0)).toMatch(/ It does not move\.$/);
    expect(jobInWords({ ...job, stalled: true, waitingFor: [{ reason: 'limit' }] }, 0)).toMatch(
      / Waits for a limit\.$/,
    );
  });
});
