import type { Mode, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';
import { type EmailFilter, filterValues } from './list-emails.js';

/** Without a name, as lists: planned anew for the filters that are set. */
const statement = { ...sqlFile('./count-emails.sql', import.meta.url), name: '' };

/** How many of a tenant's emails a filter finds. Reads them all: for actions on all of them, not for lists. */
export async function countEmails(
  db: Queryable,
  { tenantId, mode }: { readonly tenantId: TenantId; readonly mode: Mode },
  filter: EmailFilter,
): Promise<number> {
  const values = [tenantId, mode, ...filterValues(filter)];
  const { rows } = await db.query<{ count: number }>({ ...statement, values });
  return rows[0]?.count ?? 0;
}
