import { type JobId, parsePublicId, publicId } from '#domain';
import { type Caller, jobView, type JobView, type ListView, Problem, readCursor, writeCursor } from '#http';
import { type JobRow, listJobs, type Queryable } from '#storage';
import type { JobQuery } from './job.schema.js';

/** A page of a tenant's jobs, newest first; cursors stay good while jobs arrive. */
export async function pageOfJobs(db: Queryable, caller: Caller, query: JobQuery): Promise<ListView<JobView>> {
  const { limit, after, before, ...filter } = query;
  if (after !== undefined && before !== undefined) {
    const errors = [{ parameter: 'before', code: 'conflict' as const, detail: 'send after or before, not both' }];
    throw new Problem('validation_failed', 'before: send after or before, not both', { errors });
  }
  const { kind: kinds, status: statuses, active, ownerId } = filter;
  const { rows, hasOlder, hasNewer } = await listJobs(
    db,
    caller,
    { kinds, statuses, active, ownerId },
    { limit, after: position(after, filter), before: position(before, filter) },
  );
  const cursorAt = (row: JobRow | undefined) => row && writeCursor([publicId('job', row.id)], filter);
  return {
    object: 'list',
    data: rows.map(jobView),
    hasMore: hasOlder && rows.length > 0,
    nextCursor: (hasOlder && cursorAt(rows.at(-1))) || null,
    prevCursor: (hasNewer && cursorAt(rows[0])) || null,
  };
}

function position(cursor: string | undefined, filter: object): JobId | undefined {
  if (cursor === undefined) return undefined;
  const id = parsePublicId('job', readCursor(cursor, filter)[0] ?? '');
  if (!id) throw new Problem('bad_cursor', 'The cursor is not readable. Use nextCursor or prevCursor as they came.');
  return id;
}
