import type { JobKind } from '#domain';
import type { LockedJob, Queryable } from '#storage';

/** What became of the next few rows of a job. */
export interface Chunk {
  /** The last row that was looked at: the next chunk begins behind it. null: there was none. */
  readonly position: string | null;
  /** Rows looked at. */
  readonly done: number;
  /** Of them changed as asked; the others are in `rejections`. */
  readonly ok: number;
  readonly rejections: Readonly<Record<string, number>>;
  /** To be added to the job's result. */
  readonly result: Readonly<Record<string, number>>;
  readonly isLast: boolean;
}

/** Does the rows behind `job.position`, about 100 of them, in the transaction that notes them as done. */
export type RowWork = (tx: Queryable, job: LockedJob) => Promise<Chunk>;

/** How the rows of each kind of job are done. */
export type RowWorks = Readonly<Partial<Record<JobKind, RowWork>>>;
