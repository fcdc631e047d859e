import type { Job } from '#client';

/** A job as events tell it: without its links, and without what it waits for, which only answers say. */
export type JobFact = Omit<Job, 'links' | 'waitingFor'> & Partial<Pick<Job, 'waitingFor'>>;

/** Numbers never go back: of two accounts of a job the one that says more, `told` where they are equal. */
export function newerJob(known: JobFact | undefined, told: JobFact): JobFact {
  if (known === undefined) return told;
  if (isOlder(told, known)) return known;
  const isSame = !isOlder(known, told); // then it still waits for what was said before
  return isSame && known.waitingFor && !told.waitingFor ? { ...told, waitingFor: known.waitingFor } : told;
}

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
