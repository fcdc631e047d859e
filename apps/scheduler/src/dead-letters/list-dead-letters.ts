import { type DeadLetterId, parsePublicId, publicId } from '#domain';
import {
  type Caller,
  deadLetterListItem,
  type DeadLetterListItem,
  type ListView,
  Problem,
  readCursor,
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
  if (after !== undefined && before !== undefined) {
    const errors = [{ parameter: 'before', code: 'conflict' as const, detail: 'send after or before, not both' }];
    throw new Problem('validation_failed', 'before: send after or before, not both', { errors });
  }
  const page = { limit, after: position(after, wish), before: position(before, wish) };
  const { rows, hasOlder, hasNewer } = await listDeadLetters(db, caller, deadLetterFilter(wish), page);
  const cursorAt = (row: DeadLetterRow | undefined) => row && writeCursor([publicId('dead_letter', row.id)], wish);
  return {
    object: 'list',
    data: rows.map(deadLetterListItem),
    hasMore: hasOlder && rows.length > 0,
    nextCursor: (hasOlder && cursorAt(rows.at(-1))) || null,
    prevCursor: (hasNewer && cursorAt(rows[0])) || null,
  };
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

function position(cursor: string | undefined, wish: object): DeadLetterId | undefined {
  if (cursor === undefined) return undefined;
  const id = parsePublicId('dead_letter', readCursor(cursor, wish)[0] ?? '');
  if (!id) throw new Problem('bad_cursor', 'The cursor is not readable. Use nextCursor or prevCursor as they came.');
  return id;
}
