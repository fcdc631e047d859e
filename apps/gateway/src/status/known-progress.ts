import type { JobView } from '#http';
import type { LiveEvent } from './live-event.js';
import { jobInProgress } from './pace/skipped.js';

type Counted = Pick<JobView, 'id' | 'version' | 'progress'>;

/**
 * Tells the progress that a snapshot was ahead of: events take longer than the snapshot, and numbers must not go back.
 * A retry takes them back, and raises the version.
 */
export function knownProgress(jobs: readonly Counted[]): (event: LiveEvent) => boolean {
  const known = new Map(jobs.map((job) => [job.id, job]));
  if (known.size === 0) return () => false;
  return (event) => {
    const job = jobInProgress(event);
    const before = job === undefined ? undefined : known.get(job);
    if (!before) return false;
    const { version, progress } = event.data as Counted;
    return version < before.version || (version === before.version && progress < before.progress);
  };
}
