import { parsePublicId, publicId, type SuppressionId } from '#domain';
import { type Caller, type ListView, Problem, readCursor, writeCursor } from '#http';
import { listSuppressions, type Queryable, type SuppressionRow } from '#storage';
import type { SuppressionQuery } from './suppression.schema.js';
import { suppressionView, type SuppressionView } from './suppression.view.js';

const NO_FILTER = {};

/** A page of the suppressions in force, newest first; cursors stay good while rows arrive. */
export async function pageOfSuppressions(
  db: Queryable,
  caller: Caller,
  { limit, after, before }: SuppressionQuery,
): Promise<ListView<SuppressionView>> {
  if (after !== undefined && before !== undefined) {
    const errors = [{ parameter: 'before', code: 'conflict' as const, detail: 'send after or before, not both' }];
    throw new Problem('validation_failed', 'before: send after or before, not both', { errors });
  }
  const page = { limit, after: position(after), before: position(before) };
  const { rows, hasOlder, hasNewer } = await listSuppressions(db, caller, page);
  return {
    object: 'list',
    data: rows.map(suppressionView),
    hasMore: hasOlder && rows.length > 0,
    nextCursor: (hasOlder && cursorAt(rows.at(-1))) || null,
    prevCursor: (hasNewer && cursorAt(rows[0])) || null,
  };
}

const cursorAt = (row: SuppressionRow | undefined) => row && writeCursor([publicId('suppression', row.id)], NO_FILTER);

function position(cursor: string | undefined): SuppressionId | undefined {
  if (cursor === undefined) return undefined;
  const id = parsePublicId('suppression', readCursor(cursor, NO_FILTER)[0] ?? '');
  if (!id) throw new Problem('bad_cursor', 'The cursor is not readable. Use nextCursor or prevCursor as they came.');
  return id;
}
