import type { Job } from '#client';

/** A job as events tell it: without its links. */
export type JobFact = Omit<Job, 'links'>;

/** Numbers never go back: of two accounts of a job the one that says more, `told` where they are equal. */
export const newerJob = <Known extends JobFact>(known: Known | undefined, told: Known): Known =>
  known !== undefined && isOlder(told, known) ? known : told;

function isOlder(one: JobFact, other: JobFact): boolean {
  if (one.version !== other.version) return one.version < other.version;
  if (one.lastActivityAt !== other.lastActivityAt) return one.lastActivityAt < other.lastActivityAt;
  return doneOf(one) < doneOf(other);
}

/** How much there is to do: also the copies that are not made yet. */
export const allOf = ({ total, expected }: Pick<JobFact, 'total' | 'expected'>): number => Math.max(total, expected);

/** Copies or rows that have come to an end. */
export const doneOf = ({ counts, rows }: Pick<JobFact, 'counts' | 'rows'>): number =>
  counts ? counts.total - counts.scheduled - counts.queued - counts.sending : (rows?.done ?? 0);
