import type { SandboxMessageId, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { type Page, type PageOf, turned } from '../page.js';
import { sqlFile } from '../sql-file.js';
import { filterValues, type SandboxFilter } from './message-filter.js';
import type { SandboxMessageRow } from './message-row.js';

const olderStatement = sqlFile('./list-older.sql', import.meta.url);
const newerStatement = sqlFile('./list-newer.sql', import.meta.url);

/** A page of a tenant's inbox, newest first. */
export async function listMessages(
  db: Queryable,
  tenantId: TenantId,
  filter: SandboxFilter,
  page: Page<SandboxMessageId>,
): Promise<PageOf<SandboxMessageRow>> {
  const backwards = page.before !== undefined;
  const values = [...filterValues(tenantId, filter), page.before ?? page.after ?? null, page.limit + 1];
  const { rows: found } = await db.query<SandboxMessageRow & Record<string, unknown>>({
    ...(backwards ? newerStatement : olderStatement),
    values,
  });
  return turned(found, page);
}
