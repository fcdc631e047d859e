import type { JobWait } from '../../api/job-wait.js';
import type { JobFact } from '../../api/newer-job.js';

/** A wait that should have ended so long ago is none: clocks differ, and an answer is some seconds old. */
const OVER_MS = 60_000;

/** What is known to hold a running job back, what binds longest first. */
export function waitsOf({ status, waitingFor }: JobFact, nowMs: number): readonly JobWait[] {
  if (status !== 'running') return [];
  return (waitingFor ?? []).filter(({ until }) => !until || Date.parse(until) > nowMs - OVER_MS);
}

/** Nothing moves, and nothing is known that holds it: somebody should look. */
export const hasStalled = (job: JobFact, nowMs: number): boolean => job.stalled && waitsOf(job, nowMs).length === 0;
