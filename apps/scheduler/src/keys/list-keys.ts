import { type KeyId, parsePublicId, publicId } from '#domain';
import { type Caller, type ListView, Problem, readCursor, writeCursor } from '#http';
import { type ListedKey, listKeys, type Queryable } from '#storage';
import type { KeyQuery } from './key.schema.js';
import { keyView, type KeyView } from './key.view.js';

/** There is nothing to narrow it to; the cursors of other lists do not fit. */
const FILTER = { of: 'keys' };

/** A page of a tenant's keys of both modes, newest first. */
export async function pageOfKeys(
  db: Queryable,
  { tenantId }: Caller,
  { limit, after, before }: KeyQuery,
): Promise<ListView<KeyView>> {
  if (after !== undefined && before !== undefined) {
    const errors = [{ parameter: 'before', code: 'conflict' as const, detail: 'send after or before, not both' }];
    throw new Problem('validation_failed', 'before: send after or before, not both', { errors });
  }
  const page = { limit, after: position(after), before: position(before) };
  const { rows, hasOlder, hasNewer } = await listKeys(db, tenantId, page);
  const cursorAt = (row: ListedKey | undefined) => row && writeCursor([publicId('key', row.id)], FILTER);
  return {
    object: 'list',
    data: rows.map(keyView),
    hasMore: hasOlder && rows.length > 0,
    nextCursor: (hasOlder && cursorAt(rows.at(-1))) || null,
    prevCursor: (hasNewer && cursorAt(rows[0])) || null,
  };
}

function position(cursor: string | undefined): KeyId | undefined {
  if (cursor === undefined) return undefined;
  const id = parsePublicId('key', readCursor(cursor, FILTER)[0] ?? '');
  if (!id) throw new Problem('bad_cursor', 'The cursor is not readable. Use nextCursor or prevCursor as they came.');
  return id;
}
