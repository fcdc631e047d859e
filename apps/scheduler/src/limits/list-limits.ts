import type { LimitId } from '#domain';
import { type Caller, listOf, type ListView, readPage, writeCursor } from '#http';
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
  const page = readPage({ limit, after, before }, FILTER, (text) => (UUID.test(text) ? (text as LimitId) : undefined));
  const found = await listLimits(db, { tenantId, mode }, page);
  const cursorAt = (row: LimitRow) => writeCursor([row.id], FILTER);
  return listOf(found, await limitsInUse(db, mode, found.rows), cursorAt);
}
