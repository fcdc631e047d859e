import { describe, expect, it } from '@jest/globals';
import type { JobFact } from '../../api/newer-job.js';
import { jobInWords, progressInWords, segmentsOf } from './job-segments.js';

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
const job = { total: 5_000, progress: 0.635, counts, rows: null, stalled: false } as JobFact;
const sum = (of: Pick<JobFact, 'counts' | 'rows'>) => segmentsOf(of).reduce((total, { count }) => total + count, 0);

describe('the parts of a job', () => {
  it('are the nine states, which sum to the total', () => {
    expect(segmentsOf(job)).toHaveLength(9);
    expect(sum(job)).toBe(5_000);
  });

  it('are rows, where it works on rows', () => {
    const rows = { total: 10, done: 6, ok: 5, rejected: 1 };
    expect(segmentsOf({ counts: null, rows })).toEqual([
      { name: 'ok', count: 5 },
      { name: 'rejected', count: 1 },
      { name: 'waiting', count: 4 },
    ]);
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
    expect(jobInWords(job, 'Running')).toBe('Running: 3,174 of 5,000 done (63.5\u00a0%), 24 without success.');
    expect(jobInWords({ ...job, stalled: true }, 'Running')).toMatch(/It does not move\.$/);
  });
});
