import { parsePublicId, publicId } from '#domain';
import { type Caller, jobView, type JobView, listOf, type ListView, readPage, writeCursor } from '#http';
import { type JobRow, listJobs, type Queryable } from '#storage';
import type { JobQuery } from './job.schema.js';

/** A page of a tenant's jobs, newest first; cursors stay good while jobs arrive. */
export async function pageOfJobs(db: Queryable, caller: Caller, query: JobQuery): Promise<ListView<JobView>> {
  const { limit, after, before, ...filter } = query;
  const { kind: kinds, status: statuses, active, ownerId } = filter;
  const found = await listJobs(
    db,
    caller,
    { kinds, statuses, active, ownerId },
    readPage({ limit, after, before }, filter, (text) => parsePublicId('job', text)),
  );
  const cursorAt = (row: JobRow) => writeCursor([publicId('job', row.id)], filter);
  return listOf(found, found.rows.map(jobView), cursorAt);
}
