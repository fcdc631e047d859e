import type { JobId, JobKind, Mode, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

/** A job before it begins. */
export interface NewJob {
  readonly tenantId: TenantId;
  readonly id: JobId;
  readonly mode: Mode;
  readonly kind: JobKind;
  readonly ownerId: string | null;
  /** Who asked for it: `key_…` or `system`. */
  readonly actor: string;
  /** What is done to which rows; null: its work is the copies of its emails. */
  readonly rows: {
    readonly work: object;
    /** How many rows there seem to be. */
    readonly total: number;
    readonly result: Readonly<Record<string, number>>;
  } | null;
}

const statement = sqlFile('./create-job.sql', import.meta.url);

/** Stores a job; its emails or rows belong into the same transaction. */
export async function createJob(tx: Queryable, job: NewJob): Promise<void> {
  const { tenantId, id, mode, kind, ownerId, actor, rows } = job;
  const work = rows && JSON.stringify(rows.work);
  const result = rows && JSON.stringify(rows.result);
  const status = rows ? 'running' : 'scheduled';
  const values = [tenantId, id, mode, kind, status, ownerId, actor, work, rows?.total ?? null, result];
  await tx.query({ ...statement, values });
}
