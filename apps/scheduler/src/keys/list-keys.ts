import { parsePublicId, publicId } from '#domain';
import { type Caller, listOf, type ListView, readPage, writeCursor } from '#http';
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
  const page = readPage({ limit, after, before }, FILTER, (text) => parsePublicId('key', text));
  const found = await listKeys(db, tenantId, page);
  const cursorAt = (row: ListedKey) => writeCursor([publicId('key', row.id)], FILTER);
  return listOf(found, found.rows.map(keyView), cursorAt);
}
