import type { EmailId, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

const statement = sqlFile('./count-gone.sql', import.meta.url);

/** Copies of emails that nobody can call back: sent, or at a server now. */
export async function countGone(
  db: Queryable,
  tenantId: TenantId,
  emails: readonly EmailId[],
): Promise<{ readonly sent: number; readonly sending: number }> {
  const { rows } = await db.query<{ sent: number; sending: number }>({ ...statement, values: [tenantId, emails] });
  return rows[0] ?? { sent: 0, sending: 0 };
}
