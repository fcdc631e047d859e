import { parsePublicId, publicId } from '#domain';
import { type Caller, listOf, type ListView, readPage, writeCursor } from '#http';
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
  const page = readPage({ limit, after, before }, NO_FILTER, (text) => parsePublicId('suppression', text));
  const found = await listSuppressions(db, caller, page);
  return listOf(found, found.rows.map(suppressionView), cursorAt);
}

const cursorAt = (row: SuppressionRow) => writeCursor([publicId('suppression', row.id)], NO_FILTER);
