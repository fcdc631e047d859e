import type { SandboxMessageId, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';
import type { SandboxMessageWithRaw } from './message-row.js';

const statement = sqlFile('./read-messages.sql', import.meta.url);

/** Messages with their bytes, in the order asked; what is not the tenant's is left out. */
export async function readMessages(
  db: Queryable,
  tenantId: TenantId,
  ids: readonly SandboxMessageId[],
): Promise<SandboxMessageWithRaw[]> {
  const { rows } = await db.query<SandboxMessageWithRaw & Record<string, unknown>>({
    ...statement,
    values: [tenantId, ids],
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
