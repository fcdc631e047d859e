import type { JobFact } from '../../api/newer-job.js';
import { isFinal } from '../../api/ask-again.js';
import { durationInWords, untilInWords } from '../../parts/durations.js';
import { inTenths } from '../../parts/numbers.js';
import { waitsInWords } from './job-waits.js';

/** `268.1 a second`. */
export const rateInWords = ({ ratePerSecond }: Pick<JobFact, 'ratePerSecond'>): string =>
  ratePerSecond === null ? '–' : `${inTenths(ratePerSecond)} a second`;

/** How long it will take, or has taken. */
export function timeInWords(
  job: Pick<JobFact, 'status' | 'etaAt' | 'startedAt' | 'finishedAt'>,
  nowMs: number,
): string {
  const { startedAt, finishedAt, etaAt } = job;
  if (isFinal(job)) {
    if (startedAt === null || finishedAt === null) return '–';
    return durationInWords(Date.parse(finishedAt) - Date.parse(startedAt));
  }
  return etaAt === null ? 'not known' : untilInWords(etaAt, nowMs);
}

/** Why nothing moves: what the job waits for where it says so, else what its numbers show. */
export function stalledInWords(job: Pick<JobFact, 'counts' | 'lastActivityAt' | 'waitingFor'>, nowMs: number): string {
  const { counts, lastActivityAt } = job;
  const ms = Math.max(30_000, nowMs - Date.parse(lastActivityAt)); // clocks differ; it is never less
  const since = `Nothing has moved for ${durationInWords(ms)}.`;
  const waits = waitsInWords(job);
  if (waits !== undefined) return `${since} ${waits}`;
  if (!counts) return `${since} Rows wait to be worked on: look whether the scheduler runs.`;
  if (counts.sending > 0) return `${since} ${counts.sending} wait for the answer of their server.`;
  if (counts.queued > 0)
    return `${since} ${counts.queued} wait for a sender: look whether one runs, and whether Kafka does.`;
  return `${since} ${counts.scheduled} wait to be claimed: a limit, a window or a provider at rest may hold them, or the poller is away. Any waiting email’s “explain” says which.`;
}
