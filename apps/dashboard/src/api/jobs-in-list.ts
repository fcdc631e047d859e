import { type JobFact, newerJob } from './newer-job.js';

/** A list of jobs, newest first, after something was told of one: a new one comes in at its place. */
export function withJob(jobs: readonly JobFact[], told: JobFact): readonly JobFact[] {
  const isKnown = jobs.some(({ id }) => id === told.id);
  if (isKnown) return jobs.map((job) => (job.id === told.id ? newerJob(job, told) : job));
  return [told, ...jobs].toSorted((a, b) => (a.id < b.id ? 1 : -1)); // ids sort by creation
}
