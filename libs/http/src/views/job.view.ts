import {
  audienceStatusOf,
  type CopyCounts,
  FINAL_JOB_STATUSES,
  jobStatusOf,
  type JobStatus,
  openCopies,
  publicId,
} from '#domain';
import type { JobRow } from '#storage';
import { jobEta } from './job-eta.js';

/** Running, and nothing moved for so long although something waits. */
const STALLED_MS = 30_000;

/** A job without its links: also what `job.progress` says (interface 3.4, 5). */
export function jobFactView(job: JobRow) {
  const counts = job.has_rows ? null : countsOf(job);
  const status = counts ? statusOf(job, counts) : job.status;
  const total = counts ? counts.total : (job.rows_total ?? 0);
  const expected = job.audience?.expected ?? total;
  const done = jobDone(job);
  const activeAt = activeOf(job);
  const startedAt = startOf(job, status);
  const finishedAt = finishOf(job, status, activeAt);
  const rate = rateOf(job, { status, done, startedAt, finishedAt });
  const isWaiting = counts === null || (job.audience ? !job.audience.isRepeating : job.waiting > 0);
  return {
    object: 'job' as const,
    id: publicId('job', job.id),
    kind: job.kind,
    status,
    ownerId: job.owner_id,
    total,
    expanding: job.audience?.expanding ?? false,
    expected,
    counts,
    rows: counts ? null : { total, done, ok: job.rows_ok ?? 0, rejected: job.rows_rejected ?? 0 },
    result: job.result,
    progress: progressOf(done, expected, status),
    ratePerSecond: rate === null ? null : shown(rate),
    etaAt: jobEta(job, status, expected - done, rate)?.toISOString() ?? null,
    stalled: status === 'running' && isWaiting && job.now.getTime() - activeAt.getTime() > STALLED_MS,
    lastActivityAt: activeAt.toISOString(),
    topFailures: job.top_failures.map(({ reason, code, count }) => ({ reason, code, count })),
    startedAt: startedAt?.toISOString() ?? null,
    finishedAt: finishedAt?.toISOString() ?? null,
    createdAt: job.created_at.toISOString(),
    version: job.version,
  };
}

/** 0 to 1. Nothing to do is done when that is known to be all: a draft may get recipients. */
const progressOf = (done: number, expected: number, status: JobStatus): number =>
  expected === 0 ? Number(isFinal(status)) : Math.round((1000 * done) / expected) / 1000;

export type JobFactView = ReturnType<typeof jobFactView>;

/** A job as the API shows it (interface 3.4). */
export function jobView(job: JobRow) {
  const { createdAt, version, ...fact } = jobFactView(job);
  return {
    ...fact,
    name: job.audience?.name ?? null,
    waitingFor: fact.finishedAt === null ? (job.audience?.waitingFor ?? []) : [],
    links: { page: `/app/jobs/${fact.id}`, topic: `job:${fact.id}`, emails: `/v1/emails?jobId=${fact.id}` },
    createdAt,
    version,
  };
}

export type JobView = ReturnType<typeof jobView>;

/** Copies or rows that have come to an end. */
export const jobDone = (job: JobRow): number => (job.has_rows ? (job.rows_done ?? 0) : job.total - openCopies(job));

const countsOf = (job: JobRow): CopyCounts => ({
  total: job.total,
  scheduled: job.scheduled,
  queued: job.queued,
  sending: job.sending,
  sent: job.sent,
  failed: job.failed,
  unknown: job.unknown,
  cancelled: job.cancelled,
  expired: job.expired,
  suppressed: job.suppressed,
});

function statusOf(
  { audience, paused, is_cancelled: isCancelled, finished_at: noted }: JobRow,
  counts: CopyCounts,
): JobStatus {
  if (!audience) return jobStatusOf(counts, paused, isCancelled);
  const isGrowing = audience.expanding || audience.isRepeating || audience.isRetrying;
  const status = audienceStatusOf(counts, { ...audience, isGrowing });
  // It has ended when that is told and noted: so there is one instant of its end, for the page and the stream.
  return isFinal(status) && !noted ? 'running' : status;
}

function startOf({ has_rows: hasRows, audience, ...job }: JobRow, status: JobStatus): Date | null {
  if (hasRows) return job.started_at;
  if (!audience) return job.first_claimed_at;
  return status === 'draft' || status === 'scheduled' || audience.startsAt > job.now ? null : audience.startsAt;
}

function finishOf(job: JobRow, status: JobStatus, activeAt: Date): Date | null {
  if (!isFinal(status)) return null;
  if (job.has_rows || job.audience) return job.finished_at;
  return job.last_finished_at ?? job.finished_at ?? activeAt;
}

/** Nothing of a campaign stands still before its start. */
function activeOf({ audience, ...job }: JobRow): Date {
  const activeAt = latest(job.active_at, job.last_moved_at);
  return audience && audience.startsAt <= job.now ? latest(activeAt, audience.startsAt) : activeAt;
}

const isFinal = (status: JobStatus): boolean => FINAL_JOB_STATUSES.includes(status);

interface Course {
  readonly status: JobStatus;
  readonly done: number;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

/** While it runs the speed of the last seconds, at the end that of the whole. */
function rateOf(job: JobRow, { status, done, startedAt, finishedAt }: Course): number | null {
  if (status === 'running') return job.rate;
  if (!startedAt || !finishedAt) return null;
  const seconds = (finishedAt.getTime() - startedAt.getTime()) / 1000;
  return seconds > 0 ? done / seconds : null;
}

/** To a tenth; slow ones to three figures, for a campaign may send one in half a minute. */
const shown = (rate: number): number => Number(rate < 100 ? rate.toPrecision(3) : rate.toFixed(1));

const latest = (one: Date, other: Date | null): Date => (other && other > one ? other : one);
