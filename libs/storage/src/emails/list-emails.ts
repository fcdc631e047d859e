import type { DeliveryStatus, EmailClass, EmailId, Mode, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';
import { type EmailRow, readEmails } from './read-emails.js';

/** What a list of emails is narrowed to; undefined narrows nothing. */
export interface EmailFilter {
  /** Emails that have a copy in one of these states. */
  readonly statuses?: readonly DeliveryStatus[] | undefined;
  readonly classes?: readonly EmailClass[] | undefined;
  readonly ownerId?: string | undefined;
  readonly scheduledFrom?: Date | undefined;
  readonly scheduledBefore?: Date | undefined;
}

/** Which page: the first, or the one behind or before an id. */
export interface Page<Id> {
  readonly limit: number;
  readonly after?: Id | undefined;
  readonly before?: Id | undefined;
}

export interface PageOf<Row> {
  /** Newest first. */
  readonly rows: readonly Row[];
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
}

const olderStatement = sqlFile('./list-older.sql', import.meta.url);
const newerStatement = sqlFile('./list-newer.sql', import.meta.url);

/** A page of a tenant's emails, newest first. */
export async function listEmails(
  db: Queryable,
  caller: { readonly tenantId: TenantId; readonly mode: Mode },
  filter: EmailFilter,
  page: Page<EmailId> & { readonly bodies: boolean },
): Promise<PageOf<EmailRow>> {
  const backwards = page.before !== undefined;
  const values = [
    caller.tenantId,
    caller.mode,
    filter.statuses ?? null,
    filter.classes ?? null,
    filter.ownerId ?? null,
    filter.scheduledFrom ?? null,
    filter.scheduledBefore ?? null,
    page.before ?? page.after ?? null,
    page.limit + 1, // one more tells whether there is more
  ];
  const found = await db.query<{ id: EmailId }>({ ...(backwards ? newerStatement : olderStatement), values });
  const ids = found.rows.slice(0, page.limit).map(({ id }) => id);
  const hasMore = found.rows.length > page.limit;
  const rows = await readEmails(db, caller.tenantId, caller.mode, backwards ? ids.toReversed() : ids, {
    bodies: page.bodies,
  });
  return {
    rows,
    hasOlder: backwards ? true : hasMore,
    hasNewer: backwards ? hasMore : page.after !== undefined,
  };
}
