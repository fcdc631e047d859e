import type { Update } from '#client';
import type { JobFact } from './newer-job.js';

/** The jobs in what a topic brought: of a job itself, of an owner, or of all. */
export function toldJobs(update: Update): readonly JobFact[] {
  if (update.kind === 'event')
    return update.event.type.startsWith('job.') ? [update.event.data as unknown as JobFact] : [];
  const { snapshot } = update;
  if (typeof snapshot !== 'object' || snapshot === null) return [];
  if ('jobs' in snapshot) return snapshot.jobs as readonly JobFact[];
  return 'object' in snapshot && snapshot.object === 'job' ? [snapshot as unknown as JobFact] : [];
}
