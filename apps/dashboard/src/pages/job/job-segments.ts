import { doneOf, type JobFact } from '../../api/newer-job.js';
import { inPercent, inWhole } from '../../parts/numbers.js';
import type { Segment } from '../../parts/segmented-bar.js';

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

/** What a job consists of; the counts sum to its total. */
export function segmentsOf({ counts, rows }: Pick<JobFact, 'counts' | 'rows'>): readonly Segment[] {
  if (counts) return STATES.map((name) => ({ name, count: counts[name] }));
  if (!rows) return [];
  return [
    { name: 'ok', count: rows.ok },
    { name: 'rejected', count: rows.rejected },
    { name: 'waiting', count: Math.max(0, rows.total - rows.ok - rows.rejected) },
  ];
}

/** How much is over, 0 to 1: `progress` is rounded, and 2 of 5,000 are not nothing. */
export const shareDone = (job: JobFact): number => (job.total === 0 ? job.progress : doneOf(job) / job.total);

/** `3,246 of 5,000 done (64.9 %)`. */
export const progressInWords = (job: JobFact): string =>
  `${inWhole(doneOf(job))} of ${inWhole(job.total)} done (${inPercent(shareDone(job))})`;

/** What is told to who does not see the page. */
export function jobInWords(job: JobFact, status: string): string {
  const failed = (job.counts?.failed ?? 0) + (job.counts?.unknown ?? 0) + (job.rows?.rejected ?? 0);
  const failures = failed === 0 ? '' : `, ${inWhole(failed)} without success`;
  return `${status}: ${progressInWords(job)}${failures}.${job.stalled ? ' It does not move.' : ''}`;
}
