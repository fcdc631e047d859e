import type { EmailId, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

const statement = sqlFile('./find-owners.sql', import.meta.url);

/** Who owns which email; emails without an owner are left out. */
export async function findOwners(
  db: Queryable,
  emails: readonly { readonly tenantId: TenantId; readonly id: EmailId }[],
): Promise<Map<EmailId, string>> {
  if (emails.length === 0) return new Map();
  const values = [emails.map(({ tenantId }) => tenantId), emails.map(({ id }) => id)];
  const { rows } = await db.query<{ id: EmailId; owner_id: string }>({ ...statement, values });
  return new Map(rows.map((row) => [row.id, row.owner_id]));
}
