import type { EmailId, JobId, JobKind, JobStatus, Mode, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';
import type { OpenJob } from './open-jobs.js';

const statements = {
  lock: sqlFile('./lock-job.sql', import.meta.url),
  is: sqlFile('./is-job.sql', import.meta.url),
  hold: sqlFile('./hold-job.sql', import.meta.url),
  advance: sqlFile('./advance-job.sql', import.meta.url),
  told: sqlFile('./note-told.sql', import.meta.url),
  changeRows: sqlFile('./change-row-job.sql', import.meta.url),
  changeEmails: sqlFile('./change-email-job.sql', import.meta.url),
  emails: sqlFile('./emails-of-job.sql', import.meta.url),
  follow: sqlFile('./follow-job.sql', import.meta.url),
};

type Counts = Readonly<Record<string, number>>;

/** How far a job over rows is. */
export interface RowsDone {
  readonly total: number;
  readonly done: number;
  readonly ok: number;
  readonly rejected: number;
  readonly result: Counts;
  /** By reason. */
  readonly rejections: Counts;
}

/** A job that this transaction holds. */
export interface LockedJob {
  readonly tenantId: TenantId;
  readonly id: JobId;
  readonly mode: Mode;
  readonly kind: JobKind;
  readonly status: JobStatus;
  readonly actor: string;
  /** Only of jobs over rows. */
  readonly work: unknown;
  /** The last row that is done. */
  readonly position: string | null;
  readonly rows: RowsDone;
  /** The last job.progress. */
  readonly told: unknown;
  /** A quarter of a second has passed since that. */
  readonly isTime: boolean;
}

interface Row extends Pick<LockedJob, 'id' | 'mode' | 'kind' | 'status' | 'actor' | 'work' | 'position' | 'told'> {
  readonly rows_total: number | null;
  readonly rows_done: number | null;
  readonly rows_ok: number | null;
  readonly rows_rejected: number | null;
  readonly result: Counts | null;
  readonly rejections: Counts | null;
  readonly is_time: boolean;
}

/**
 * Takes a job until the transaction ends: one process at a time, and a dead one holds nothing. Must be its first statement,
 * so that the events of the job get their transaction ids in their order. Undefined: another process has it.
 */
export async function lockJob(tx: Queryable, { tenantId, id }: OpenJob): Promise<LockedJob | undefined> {
  const { rows } = await tx.query<Row & Record<string, unknown>>({ ...statements.lock, values: [tenantId, id] });
  const [row] = rows;
  if (!row) return undefined;
  const { rows_total, rows_done, rows_ok, rows_rejected, result, rejections, is_time: isTime, ...job } = row;
  const done: RowsDone = {
    total: rows_total ?? 0,
    done: rows_done ?? 0,
    ok: rows_ok ?? 0,
    rejected: rows_rejected ?? 0,
    result: result ?? {},
    rejections: rejections ?? {},
  };
  return { ...job, tenantId, isTime, rows: done };
}

/** Whether there is such a job: the one that could not be taken may have been deleted. */
export async function isJob(db: Queryable, { tenantId, id }: OpenJob): Promise<boolean> {
  const { rows } = await db.query({ ...statements.is, values: [tenantId, id] });
  return rows.length > 0;
}

/** Keeps others from changing a job until the transaction ends; waits for whoever does. */
export async function holdJob(tx: Queryable, { tenantId, id }: OpenJob): Promise<void> {
  await tx.query({ ...statements.hold, values: [tenantId, id] });
}

/** Notes a chunk of rows, in the transaction that changed them. */
export async function advanceJob(
  tx: Queryable,
  { tenantId, id }: OpenJob,
  { total, done, ok, rejected, result, rejections }: RowsDone,
  { position, isLast }: { readonly position: string | null; readonly isLast: boolean },
): Promise<void> {
  const sums = [JSON.stringify(result), JSON.stringify(rejections)];
  await tx.query({
    ...statements.advance,
    values: [tenantId, id, position, total, done, ok, rejected, ...sums, isLast],
  });
}

/** What a job.progress said, beside the whole of it. */
export interface Told {
  readonly told: object;
  readonly status: JobStatus;
  readonly done: number;
  readonly rate: number | null;
  readonly startedAt: string | null;
  readonly activeAt: string;
  readonly finishedAt: string | null;
}

/** Notes that a job was told; a finished one is looked after no more. */
export async function noteTold(tx: Queryable, { tenantId, id }: OpenJob, told: Told): Promise<void> {
  const { status, done, rate, startedAt, activeAt, finishedAt } = told;
  const values = [tenantId, id, status, JSON.stringify(told.told), done, rate, startedAt, activeAt, finishedAt];
  await tx.query({ ...statements.told, values });
}

/** Lets the email of a campaign or load test stand as its job does; false: somebody else is changing it. */
export async function followJob(
  tx: Queryable,
  { tenantId, id }: OpenJob,
  from: string,
  to: JobStatus,
): Promise<boolean> {
  const { rows } = await tx.query({ ...statements.follow, values: [tenantId, id, from, to] });
  return rows.length > 0;
}

/** Pauses, resumes or ends a job over rows, unless its state forbids it; waits for the chunk under way. */
export async function changeRowJob(
  tx: Queryable,
  { tenantId, id }: OpenJob,
  from: readonly JobStatus[],
  to: JobStatus,
): Promise<boolean> {
  const { rows } = await tx.query({ ...statements.changeRows, values: [tenantId, id, from, to] });
  return rows.length > 0;
}

/** Notes that somebody wanted something of a job of emails, and whether that was its cancel. */
export async function changeEmailJob(
  tx: Queryable,
  { tenantId, id }: OpenJob,
  { cancelled = false }: { readonly cancelled?: boolean },
): Promise<void> {
  await tx.query({ ...statements.changeEmails, values: [tenantId, id, cancelled] });
}

/** The emails of a job, oldest first. */
export async function emailsOfJob(db: Queryable, { tenantId, id }: OpenJob): Promise<EmailId[]> {
  const { rows } = await db.query<{ id: EmailId }>({ ...statements.emails, values: [tenantId, id] });
  return rows.map((row) => row.id);
}
