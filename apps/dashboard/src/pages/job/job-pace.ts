import type { JobFact } from '../../api/newer-job.js';
import { isFinal } from '../../api/ask-again.js';
import { durationInWords, untilInWords } from '../../parts/durations.js';
import { inTenths, inWhole } from '../../parts/numbers.js';

const NO_RATE = '–';

/** `268.1 a second`, and what is slow by the minute or the hour. */
export function rateInWords({ ratePerSecond: rate, stalled }: Pick<JobFact, 'ratePerSecond' | 'stalled'>): string {
  if (rate === null || rate <= 0 || stalled) return NO_RATE; // what has stood still for so long has none any more
  if (rate >= 1) return `${inTenths(rate)} a second`;
  return rate * 60 >= 1 ? `${inTenths(rate * 60)} a minute` : `${inTenths(rate * 3_600)} an hour`;
}

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

/** Speed and end of a job in one line: `3 a minute, ends in 2 h`; nothing where nothing is known. */
export function paceInWords(
  job: Pick<JobFact, 'status' | 'ratePerSecond' | 'stalled' | 'etaAt' | 'startedAt' | 'finishedAt'>,
  nowMs: number,
): string {
  if (isFinal(job)) return `took ${timeInWords(job, nowMs)}`;
  const rate = rateInWords(job);
  const ends = job.etaAt === null ? '' : `ends ${timeInWords(job, nowMs)}`;
  return [rate === NO_RATE ? '' : rate, ends].filter((words) => words !== '').join(', ');
}

/** How long nothing has moved, and where it stands still, as far as its numbers show. */
export function stalledInWords(
  { counts, lastActivityAt }: Pick<JobFact, 'counts' | 'lastActivityAt'>,
  nowMs: number,
): string {
  const ms = Math.max(30_000, nowMs - Date.parse(lastActivityAt)); // clocks differ; it is never less
  return `Nothing has moved for ${durationInWords(ms - (ms % stepOf(ms)))}, and nothing is known that holds it: ${placeOf(counts)}.`;
}

/** Who listens to an alarm is not told every second. */
const stepOf = (ms: number): number => (ms < 60_000 ? 10_000 : 60_000);

function placeOf(counts: JobFact['counts']): string {
  if (!counts) return 'rows wait to be worked on';
  if (counts.sending > 0) return `${inWhole(counts.sending)} wait for the answer of their server`;
  if (counts.queued > 0) return `${inWhole(counts.queued)} wait for a sender`;
  return `${inWhole(counts.scheduled)} wait to be claimed`;
}
