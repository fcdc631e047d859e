import type { JobId, JobKind, JobStatus } from '#domain';
import type { Queryable } from '../database.js';
import type { Page, PageOf } from '../emails/list-emails.js';
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
  const ids = found.rows.slice(0, limit).map(({ id }) => id);
  const hasMore = found.rows.length > limit;
  return {
    rows: await readJobs(db, caller, backwards ? ids.toReversed() : ids),
    hasOlder: backwards ? true : hasMore,
    hasNewer: backwards ? hasMore : after !== undefined,
  };
}
