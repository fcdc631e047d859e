import { isFinal } from '../../api/ask-again.js';
import type { JobAction } from '../../api/jobs.js';
import type { JobFact } from '../../api/newer-job.js';

/** Why the API would refuse an action now, or do nothing; undefined: it would do it. */
export function blockedActions(job: JobFact): Readonly<Record<JobAction, string | undefined>> {
  const over = isFinal(job) ? 'The job is over.' : undefined;
  const isPaused = job.status === 'paused';
  return {
    pause: over ?? (isPaused ? 'The job is paused already.' : undefined),
    resume: over ?? (isPaused ? undefined : 'The job is not paused.'),
    cancel: over,
    retry: retryBlocked(job),
  };
}

function retryBlocked({ counts }: JobFact): string | undefined {
  if (!counts) return 'This kind of job has no emails to send again.';
  return counts.failed === 0 ? 'Nothing has failed.' : undefined;
}
