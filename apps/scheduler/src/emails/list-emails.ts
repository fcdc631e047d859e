import { type EmailId, parsePublicId, publicId } from '#domain';
import { type Caller, type ListView, Problem, readCursor, writeCursor } from '#http';
import { type Database, type EmailFilter, type EmailRow, listEmails, type Page } from '#storage';
import type { EmailQuery } from './email.schema.js';

/** Pages of a tenant's emails, newest first; cursors stay good while emails arrive. */
export class ListEmails {
  constructor(private readonly db: Database) {}

  async run<View>(
    caller: Caller,
    query: EmailQuery,
    view: (row: EmailRow) => View,
    options: { readonly bodies: boolean },
  ): Promise<ListView<View>> {
    const { limit, after, before, ...filter } = query;
    if (after !== undefined && before !== undefined) {
      const errors = [{ parameter: 'before', code: 'conflict' as const, detail: 'send after or before, not both' }];
      throw new Problem('validation_failed', 'before: send after or before, not both', { errors });
    }
    const page: Page<EmailId> & typeof options = {
      ...options,
      limit,
      after: position(after, filter),
      before: position(before, filter),
    };
    const { rows, hasOlder, hasNewer } = await listEmails(this.db, caller, filterOf(query), page);
    const cursorAt = (row: EmailRow | undefined) => row && writeCursor([publicId('email', row.id)], filter);
    return {
      object: 'list',
      data: rows.map(view),
      hasMore: hasOlder && rows.length > 0,
      nextCursor: (hasOlder && cursorAt(rows.at(-1))) || null,
      prevCursor: (hasNewer && cursorAt(rows[0])) || null,
    };
  }
}

const filterOf = (query: EmailQuery): EmailFilter => ({
  statuses: query.status,
  classes: query.class,
  ownerId: query.ownerId,
  scheduledFrom: query.scheduledFrom === undefined ? undefined : new Date(query.scheduledFrom),
  scheduledBefore: query.scheduledTo === undefined ? undefined : new Date(query.scheduledTo),
});

function position(cursor: string | undefined, filter: object): EmailId | undefined {
  if (cursor === undefined) return undefined;
  const id = parsePublicId('email', readCursor(cursor, filter)[0] ?? '');
  if (!id) throw new Problem('bad_cursor', 'The cursor is not readable. Use nextCursor or prevCursor as they came.');
  return id;
}
