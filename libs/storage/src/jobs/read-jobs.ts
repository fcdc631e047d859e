import type { CopyCounts, JobId, JobKind, JobStatus, Mode, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';
import { type JobAudience, readAudiences } from './read-audiences.js';

/** Why copies or rows of a job ended badly. */
export interface JobFailure {
  readonly reason: string;
  /** What the server said: `550 5.1.1`. */
  readonly code: string | null;
  readonly count: number;
}

/** A job as stored, with where its copies stand now. */
export interface JobRow extends CopyCounts {
  readonly tenant_id: TenantId;
  readonly id: JobId;
  readonly mode: Mode;
  readonly kind: JobKind;
  /** As last noted; of a job of emails the copies know better. */
  readonly status: JobStatus;
  readonly owner_id: string | null;
  /** It works through rows; else its work is the copies of its emails. */
  readonly has_rows: boolean;
  readonly rows_total: number | null;
  readonly rows_done: number | null;
  readonly rows_ok: number | null;
  readonly rows_rejected: number | null;
  readonly result: Readonly<Record<string, number>> | null;
  /** How many rows were left as they are, by reason. */
  readonly rejections: Readonly<Record<string, number>> | null;
  readonly version: number;
  /** Ends a second, smoothed, as of `told_at`. */
  readonly rate: number | null;
  readonly told_at: Date | null;
  readonly told_done: number | null;
  readonly is_cancelled: boolean;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly active_at: Date;
  readonly finished_at: Date | null;
  /** The clock of the database when this was read. */
  readonly now: Date;
  /** Open copies of paused emails. */
  readonly paused: number;
  /** Copies that somebody ought to be moving now. */
  readonly waiting: number;
  readonly last_due_at: Date | null;
  readonly first_claimed_at: Date | null;
  readonly last_moved_at: Date | null;
  readonly last_finished_at: Date | null;
  readonly top_failures: readonly JobFailure[];
  /** Only of campaigns and load tests: their copies are counted, not looked at. */
  readonly audience: JobAudience | null;
}

export interface TenantAndMode {
  readonly tenantId: TenantId;
  readonly mode: Mode;
}

const statements = {
  read: sqlFile('./read-jobs.sql', import.meta.url),
  failures: sqlFile('./top-failures.sql', import.meta.url),
  counted: sqlFile('./count-failures.sql', import.meta.url),
};
const TOP = 5;

/** Jobs in the order asked; those that do not exist for this tenant and mode are left out. */
export async function readJobs(
  db: Queryable,
  { tenantId, mode }: TenantAndMode,
  ids: readonly JobId[],
): Promise<JobRow[]> {
  if (ids.length === 0) return [];
  const { rows } = await db.query<Omit<JobRow, 'top_failures' | 'audience'> & Record<string, unknown>>({
    ...statements.read,
    values: [tenantId, mode, ids],
  });
  const audiences = await readAudiences(
    db,
    tenantId,
    rows.filter(({ kind }) => hasAudience(kind)).map(({ id }) => id),
  );
  const jobs = rows.map((row) => withAudience(row, audiences.get(row.id) ?? null));
  const failures = await topFailures(db, tenantId, jobs.filter(hasFailed), TOP);
  return jobs.map((job) => ({ ...job, top_failures: failures.get(job.id) ?? rejectionsOf(job).slice(0, TOP) }));
}

/** Jobs of one email with an audience, whose id they bear. */
export const hasAudience = (kind: JobKind): boolean =>
  kind === 'campaign' || kind === 'broadcast' || kind === 'load_test';

const withAudience = (
  row: Omit<JobRow, 'top_failures' | 'audience'>,
  audience: JobAudience | null,
): Omit<JobRow, 'top_failures'> => ({
  ...row,
  ...(audience && {
    ...audience.counts,
    is_cancelled: audience.isCancelled,
    last_moved_at: audience.hasNews ? row.now : null,
  }),
  audience,
});

const hasFailed = ({ failed, unknown, expired }: CopyCounts): boolean => failed + unknown + expired > 0;

/** One job; undefined: it does not exist for this tenant and mode. */
export async function getJob(db: Queryable, caller: TenantAndMode, id: JobId): Promise<JobRow | undefined> {
  const [row] = await readJobs(db, caller, [id]);
  return row;
}

/** All reasons for which copies or rows of a job ended badly, at most 100; the most frequent first. */
export async function jobFailures(db: Queryable, job: JobRow): Promise<readonly JobFailure[]> {
  if (job.has_rows) return rejectionsOf(job);
  return (await topFailures(db, job.tenant_id, [job], 100)).get(job.id) ?? [];
}

async function topFailures(
  db: Queryable,
  tenantId: TenantId,
  jobs: readonly Pick<JobRow, 'id' | 'audience'>[],
  atMost: number,
): Promise<Map<JobId, JobFailure[]>> {
  const byJob = new Map<JobId, JobFailure[]>(jobs.map(({ id }) => [id, []]));
  const groups = [
    { statement: statements.counted, ids: jobs.filter(({ audience }) => audience).map(({ id }) => id) },
    { statement: statements.failures, ids: jobs.filter(({ audience }) => !audience).map(({ id }) => id) },
  ];
  for (const { statement, ids } of groups) {
    if (ids.length === 0) continue;
    const values = [tenantId, ids, atMost];
    const { rows } = await db.query<JobFailure & { job_id: JobId }>({ ...statement, values });
    for (const { job_id, reason, code, count } of rows) byJob.get(job_id)?.push({ reason, code, count });
  }
  return byJob;
}

const rejectionsOf = ({ rejections }: Pick<JobRow, 'rejections'>): JobFailure[] =>
  Object.entries(rejections ?? {})
    .map(([reason, count]) => ({ reason, code: null, count }))
    .toSorted((a, b) => b.count - a.count);
