import type { LimitId } from '#domain';
import { type Caller, type ListView, Problem, readCursor, writeCursor } from '#http';
import { type LimitRow, listLimits, type Queryable } from '#storage';
import type { LimitQuery } from './limit.schema.js';
import type { LimitView } from './limit.view.js';
import { limitsInUse } from './limits-in-use.js';

/** There is nothing to narrow it to; the cursors of other lists do not fit. */
const FILTER = { of: 'limits' };
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A page of the limits that bind a tenant, newest first, that of all tenants among them. */
export async function pageOfLimits(
  db: Queryable,
  { tenantId, mode }: Caller,
  { limit, after, before }: LimitQuery,
): Promise<ListView<LimitView>> {
  if (after !== undefined && before !== undefined) {
    const errors = [{ parameter: 'before', code: 'conflict' as const, detail: 'send after or before, not both' }];
    throw new Problem('validation_failed', 'before: send after or before, not both', { errors });
  }
  const page = { limit, after: position(after), before: position(before) };
  const { rows, hasOlder, hasNewer } = await listLimits(db, { tenantId, mode }, page);
  const cursorAt = (row: LimitRow | undefined) => row && writeCursor([row.id], FILTER);
  return {
    object: 'list',
    data: await limitsInUse(db, mode, rows),
    hasMore: hasOlder && rows.length > 0,
    nextCursor: (hasOlder && cursorAt(rows.at(-1))) || null,
    prevCursor: (hasNewer && cursorAt(rows[0])) || null,
  };
}

function position(cursor: string | undefined): LimitId | undefined {
  if (cursor === undefined) return undefined;
  const [id = ''] = readCursor(cursor, FILTER);
  if (!UUID.test(id))
    throw new Problem('bad_cursor', 'The cursor is not readable. Use nextCursor or prevCursor as they came.');
  return id as LimitId;
}
