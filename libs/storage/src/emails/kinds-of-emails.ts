import type { EmailId, EmailKind, Mode, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

const statement = sqlFile('./kinds-of-emails.sql', import.meta.url);

/** What kinds emails are of; those that do not exist for this tenant and mode are left out. */
export async function kindsOfEmails(
  tx: Queryable,
  tenantId: TenantId,
  mode: Mode,
  ids: readonly EmailId[],
): Promise<ReadonlyMap<EmailId, EmailKind>> {
  const { rows } = await tx.query<{ id: EmailId; kind: EmailKind }>({ ...statement, values: [tenantId, ids, mode] });
  return new Map(rows.map(({ id, kind }) => [id, kind]));
}
