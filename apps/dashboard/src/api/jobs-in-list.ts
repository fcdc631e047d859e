import { isFinal } from './ask-again.js';
import { type JobFact, newerJob } from './newer-job.js';

/** A list of jobs, newest first, after something was told of one: a new one comes in at its place. */
export function withJob(jobs: readonly JobFact[], told: JobFact): readonly JobFact[] {
  const isKnown = jobs.some(({ id }) => id === told.id);
  if (isKnown) return jobs.map((job) => (job.id === told.id ? newerJob(job, told) : job));
  return [told, ...jobs].toSorted((a, b) => (a.id < b.id ? 1 : -1)); // ids sort by creation
}

export interface ReadJobs {
  readonly newest: readonly JobFact[];
  /** Those that are not finished, however old they are. */
  readonly active: readonly JobFact[];
}

/**
 * A list of jobs after it was read again. What is shown stays: a job that has ended since, and one that was told of while
 * the answer was on its way.
 */
export function jobsRead(known: readonly JobFact[], { newest, active }: ReadJobs): readonly JobFact[] {
  const read = new Set([...newest, ...active].map(({ id }) => id));
  const newestId = newest[0]?.id ?? '';
  const kept = known.filter((job) => read.has(job.id) || isFinal(job) || job.id > newestId);
  return [...newest, ...active].reduce(withJob, kept);
}
