import type { JobId, JobKind, JobStatus } from '#domain';
import type { Queryable } from '../database.js';
import { type Page, type PageOf, turned } from '../page.js';
import { sqlFile } from '../sql-file.js';
import { type JobRow, readJobs, type TenantAndMode } from './read-jobs.js';

/** What a list of jobs is narrowed to; undefined narrows nothing. */
export interface JobFilter {
  readonly kinds?: readonly JobKind[] | undefined;
  /** As last noted: a job of emails may have moved on in the last quarter of a second. */
  readonly statuses?: readonly JobStatus[] | undefined;
  readonly active?: boolean | undefined;
  readonly ownerId?: string | undefined;
}

const older = sqlFile('./list-older.sql', import.meta.url);
const newer = sqlFile('./list-newer.sql', import.meta.url);

/** A page of a tenant's jobs, newest first. */
export async function listJobs(
  db: Queryable,
  caller: TenantAndMode,
  { kinds, statuses, active, ownerId }: JobFilter,
  { limit, after, before }: Page<JobId>,
): Promise<PageOf<JobRow>> {
  const backwards = before !== undefined;
  const found = await db.query<{ id: JobId }>({
    ...(backwards ? newer : older),
    values: [
      caller.tenantId,
      caller.mode,
      kinds ?? null,
      statuses ?? null,
      active ?? null,
      ownerId ?? null,
      before ?? after ?? null,
      limit + 1, // one more tells whether there is more
    ],
  });
  const ids = found.rows.map(({ id }) => id);
  const { rows: shown, ...more } = turned(ids, { limit, after, before });
  return { ...more, rows: await readJobs(db, caller, shown) };
}
