import { allOf, doneOf, type JobFact } from '../../api/newer-job.js';
import { inPercent, inWhole, inWords } from '../../parts/numbers.js';
import type { Segment } from '../../parts/segmented-bar.js';
import { waitsOf } from './job-waits.js';
import { waitInBrief } from './wait-words.js';

/** In the order of a copy's way: how it ended well, how it ended otherwise, what is still open. */
export const STATES = [
  'sent',
  'failed',
  'unknown',
  'expired',
  'suppressed',
  'cancelled',
  'sending',
  'queued',
  'scheduled',
] as const satisfies readonly (keyof NonNullable<JobFact['counts']>)[];

/** What a job consists of; the counts sum to all that there is to do, of which some may not be made yet. */
export function segmentsOf(job: Pick<JobFact, 'counts' | 'rows' | 'total' | 'expected'>): readonly Segment[] {
  const { counts, rows } = job;
  if (counts) return [...STATES.map((name) => ({ name, count: counts[name] })), ...notMade(allOf(job) - counts.total)];
  if (!rows) return [];
  return [
    { name: 'ok', count: rows.ok },
    { name: 'rejected', count: rows.rejected },
    { name: 'waiting', count: Math.max(0, rows.total - rows.ok - rows.rejected) },
  ];
}

const notMade = (count: number): readonly Segment[] => (count > 0 ? [{ name: 'not_made_yet', count }] : []);

/** How much is over, 0 to 1: `progress` is rounded, and 2 of 5,000 are not nothing. */
export const shareDone = (job: JobFact): number => (allOf(job) === 0 ? job.progress : doneOf(job) / allOf(job));

/** `3,246 of 5,000 done (64.9 %)`. */
export const progressInWords = (job: JobFact): string =>
  `${inWhole(doneOf(job))} of ${inWhole(allOf(job))} done (${inPercent(shareDone(job))})`;

/** What is told to who does not see the page. */
export function jobInWords(job: JobFact, nowMs: number): string {
  const failed = (job.counts?.failed ?? 0) + (job.counts?.unknown ?? 0) + (job.rows?.rejected ?? 0);
  const failures = failed === 0 ? '' : `, ${inWhole(failed)} without success`;
  const [wait] = waitsOf(job, nowMs);
  const standing = wait ? ` ${waitInBrief(wait)}.` : job.stalled ? ' It does not move.' : '';
  return `${inWords(job.status)}: ${progressInWords(job)}${failures}.${standing}`;
}
