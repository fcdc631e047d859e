import type { Update } from '#client';
import type { JobFact } from './newer-job.js';

/** The jobs in what a topic brought: of a job itself, or of an owner. */
export function toldJobs(update: Update): readonly JobFact[] {
  if (update.kind === 'event')
    return update.event.type.startsWith('job.') ? [update.event.data as unknown as JobFact] : [];
  const { snapshot } = update;
  if (typeof snapshot !== 'object' || snapshot === null) return [];
  return 'jobs' in snapshot ? (snapshot.jobs as readonly JobFact[]) : [snapshot as JobFact];
}
