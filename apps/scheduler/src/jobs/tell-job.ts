import { type JobStatus, smoothedRate } from '#domain';
import { jobCompletedV1, jobProgressV1 } from '#events';
import { jobDone, type JobFactView, jobFactView } from '#http';
import {
  appendOutbox,
  followJob,
  getJob,
  jobEvent,
  type JobRow,
  type LockedJob,
  noteTold,
  type Queryable,
} from '#storage';

export interface Telling {
  /** `too_early`: there are news, but the last ones are less than a quarter of a second old. */
  readonly kind: 'told' | 'nothing_new' | 'too_early';
  readonly status: JobStatus;
  /** Copies are being made or opened again, which nothing else tells. */
  readonly isGrowing: boolean;
}

/**
 * Tells how far a job is, whole, when that is news: at most four times a second, and always at the end, then that it
 * is completed. In the transaction that holds the job, so numbers never go back.
 */
export async function tellJob(tx: Queryable, held: LockedJob): Promise<Telling> {
  const row = await getJob(tx, held, held.id);
  if (!row) throw new Error(`job ${held.id} is held, but cannot be read`);
  const rate = rateNow(row);
  const fact = jobFactView({ ...row, rate, finished_at: row.finished_at ?? (row.audience && row.now) });
  const last = held.told as JobFactView | null;
  const isEnd = fact.finishedAt !== null;
  const isNews = last === null || newsIn(fact) !== newsIn(last);
  const isGrowing = row.audience !== null && (row.audience.expanding || row.audience.isRetrying);
  const { status, startedAt, lastActivityAt: activeAt, finishedAt } = fact;
  if (isNews && !isEnd && !held.isTime) return { kind: 'too_early', status, isGrowing };
  const isFollowed = await follow(tx, held, row, status);
  if (isEnd && !isFollowed) return { kind: 'too_early', status, isGrowing }; // nobody looks after it later
  if (isNews) {
    const data = { jobId: fact.id, ...fact };
    const isNewEnd = isEnd && last?.finishedAt !== fact.finishedAt;
    await appendOutbox(tx, [
      jobEvent(jobProgressV1, held, data),
      ...(isNewEnd ? [jobEvent(jobCompletedV1, held, data)] : []),
    ]);
  }
  if (isNews || isEnd) {
    await noteTold(tx, held, { told: fact, status, done: jobDone(row), rate, startedAt, activeAt, finishedAt });
  }
  return { kind: isNews ? 'told' : 'nothing_new', status, isGrowing };
}

/**
 * Lets the email of a campaign or load test stand as its job does. Never waits for who changes the email: that one may wait
 * for this job. false: it stands otherwise still.
 */
async function follow(tx: Queryable, held: LockedJob, { audience }: JobRow, status: JobStatus): Promise<boolean> {
  if (!audience || audience.emailStatus === status || audience.emailStatus === 'cancelled') return true;
  return followJob(tx, held, audience.emailStatus, status);
}

/** What is worth an event; the rest only says it in other words. */
const newsIn = ({
  status,
  expanding,
  expected,
  stalled,
  topFailures,
  finishedAt,
  version,
  ...job
}: JobFactView): string => {
  const numbers = [ordered(job.counts), ordered(job.rows), ordered(job.result)];
  return JSON.stringify([status, expanding, expected, numbers, stalled, topFailures, finishedAt, version]);
};

/** As text that does not depend on where it was stored meanwhile. */
const ordered = (counts: Readonly<Record<string, number>> | null): unknown =>
  counts && Object.entries(counts).toSorted(([a], [b]) => (a < b ? -1 : 1));

function rateNow(row: JobRow): number | null {
  const since = row.told_at ?? row.started_at ?? row.first_claimed_at;
  const done = jobDone(row);
  if (!since || done === 0) return null;
  const secondsAgo = (row.now.getTime() - since.getTime()) / 1000;
  return smoothedRate({ rate: row.rate, done: row.told_done ?? 0, secondsAgo }, done);
}
