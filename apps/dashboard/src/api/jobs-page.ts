import type { Job } from '#client';
import { isFinal } from './ask-again.js';
import type { JobFact } from './newer-job.js';

export interface JobsQuery {
  readonly kind?: Job['kind'][];
  readonly status?: Job['status'][];
  readonly active?: 'true' | 'false';
  readonly ownerId?: string;
}

/** Whether a job is one of those that are asked for. */
export function fits(job: JobFact, { kind, status, active, ownerId }: JobsQuery): boolean {
  if (kind && !kind.includes(job.kind)) return false;
  if (status && !status.includes(job.status)) return false;
  if (active !== undefined && isFinal(job) === (active === 'true')) return false;
  return ownerId === undefined || ownerId === job.ownerId;
}

/** Whether the first page lacks a job that was told of: ids sort by creation. */
export const isNewcomer = (first: readonly JobFact[], told: JobFact, query: JobsQuery): boolean =>
  told.id > (first[0]?.id ?? '') && fits(told, query);
