import { MailtideError } from '#client';
import type { JobFact } from './newer-job.js';
import type { Connection } from './use-live-topic.js';

const FINAL: readonly JobFact['status'][] = ['completed', 'completed_with_errors', 'cancelled'];

export const isFinal = ({ status }: Pick<JobFact, 'status'>): boolean => FINAL.includes(status);

/**
 * How often jobs are read again, in ms: fast where nobody tells, slowly for what nobody tells (that one stalls), never for
 * what is over or refused.
 */
export function askAgainAfter(
  jobs: readonly JobFact[] | undefined,
  connection: Connection,
  error: unknown = null,
): number | false {
  if (jobs === undefined) return error === null || isRefusal(error) ? false : 3_000;
  if (connection !== 'live') return 2_000;
  return jobs.every(isFinal) && error === null ? false : 10_000;
}

/** Mailtide has answered, and will not answer otherwise. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof MailtideError && error.status >= 400 && error.status < 500 && error.status !== 429;
