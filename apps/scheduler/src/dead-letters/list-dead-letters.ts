import { parsePublicId, publicId } from '#domain';
import {
  type Caller,
  deadLetterListItem,
  type DeadLetterListItem,
  listOf,
  type ListView,
  Problem,
  readPage,
  writeCursor,
} from '#http';
import { type DeadLetterFilter, type DeadLetterRow, listDeadLetters, type Queryable, readDeadLetters } from '#storage';
import type { DeadLetterQuery } from './dead-letter.schema.js';

/** A page of a tenant's dead letters, newest first; cursors stay good while more are put aside. */
export async function pageOfDeadLetters(
  db: Queryable,
  caller: Caller,
  query: DeadLetterQuery,
): Promise<ListView<DeadLetterListItem>> {
  const { limit, after, before, ...wish } = query;
  const page = readPage({ limit, after, before }, wish, (text) => parsePublicId('dead_letter', text));
  const found = await listDeadLetters(db, caller, deadLetterFilter(wish), page);
  const cursorAt = (row: DeadLetterRow) => writeCursor([publicId('dead_letter', row.id)], wish);
  return listOf(found, found.rows.map(deadLetterListItem), cursorAt);
}

/** One dead letter with its payload; throws the problem `not_found`. */
export async function findDeadLetter(db: Queryable, caller: Caller, id: string): Promise<DeadLetterRow> {
  const deadLetterId = parsePublicId('dead_letter', id);
  const [row] = deadLetterId ? await readDeadLetters(db, caller, [deadLetterId], { payloads: true }) : [];
  if (!row) throw new Problem('not_found', 'There is no such dead letter.');
  return row;
}

/** The filters of a list as the statements take them. */
export const deadLetterFilter = (query: Omit<DeadLetterQuery, 'limit' | 'after' | 'before'>): DeadLetterFilter => ({
  kinds: query.kind,
  reasons: query.reason,
  statuses: query.status,
  jobId: query.jobId,
  emailId: query.emailId,
  createdFrom: query.from === undefined ? undefined : new Date(query.from),
  createdBefore: query.to === undefined ? undefined : new Date(query.to),
});
