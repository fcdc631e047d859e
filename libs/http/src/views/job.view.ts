import { type CopyCounts, jobStatusOf, type JobStatus, openCopies, publicId } from '#domain';
import type { JobRow } from '#storage';

/** Running, and nothing moved for so long although something waits. */
const STALLED_MS = 30_000;

/** A job without its links: also what `job.progress` says (interface 3.4, 5). */
export function jobFactView(job: JobRow) {
  const counts = job.has_rows ? null : countsOf(job);
  const status = counts ? jobStatusOf(counts, job.paused, job.is_cancelled) : job.status;
  const total = counts ? counts.total : (job.rows_total ?? 0);
  const done = jobDone(job);
  const activeAt = latest(job.active_at, job.last_moved_at);
  const startedAt = counts ? job.first_claimed_at : job.started_at;
  const finishedAt = finishOf(job, status, activeAt);
  const rate = rateOf(job, { status, done, startedAt, finishedAt });
  const isWaiting = counts === null || job.waiting > 0;
  return {
    object: 'job' as const,
    id: publicId('job', job.id),
    kind: job.kind,
    status,
    ownerId: job.owner_id,
    total,
    expanding: false,
    counts,
    rows: counts ? null : { total, done, ok: job.rows_ok ?? 0, rejected: job.rows_rejected ?? 0 },
    result: job.result,
    progress: total === 0 ? 1 : Math.round((1000 * done) / total) / 1000,
    ratePerSecond: rate === null ? null : Math.round(rate * 10) / 10,
    etaAt: etaOf(job, status, total - done, rate)?.toISOString() ?? null,
    stalled: status === 'running' && isWaiting && job.now.getTime() - activeAt.getTime() > STALLED_MS,
    lastActivityAt: activeAt.toISOString(),
    topFailures: job.top_failures.map(({ reason, code, count }) => ({ reason, code, count })),
    startedAt: startedAt?.toISOString() ?? null,
    finishedAt: finishedAt?.toISOString() ?? null,
    createdAt: job.created_at.toISOString(),
    version: job.version,
  };
}

export type JobFactView = ReturnType<typeof jobFactView>;

/** A job as the API shows it (interface 3.4). */
export function jobView(job: JobRow) {
  const { createdAt, version, ...fact } = jobFactView(job);
  return {
    ...fact,
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

const FINAL: readonly JobStatus[] = ['completed', 'completed_with_errors', 'cancelled'];

function finishOf(job: JobRow, status: JobStatus, activeAt: Date): Date | null {
  if (!FINAL.includes(status)) return null;
  if (job.has_rows) return job.finished_at;
  return job.last_finished_at ?? job.finished_at ?? activeAt;
}

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

/** Not before the last copy is due, and not before the rest is through at this speed. */
function etaOf(job: JobRow, status: JobStatus, open: number, rate: number | null): Date | null {
  if (status === 'scheduled') return job.last_due_at;
  if (status !== 'running' || rate === null || rate <= 0) return null;
  return latest(new Date(job.now.getTime() + (1000 * open) / rate), job.last_due_at);
}

const latest = (one: Date, other: Date | null): Date => (other && other > one ? other : one);
