import type { KeyId, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

const statement = sqlFile('./find-good-keys.sql', import.meta.url);

/** Of keys of one tenant those that are neither revoked nor expired. */
export async function findGoodKeys(
  db: Queryable,
  tenantId: TenantId,
  ids: readonly KeyId[],
): Promise<ReadonlySet<KeyId>> {
  if (ids.length === 0) return new Set();
  const { rows } = await db.query<{ id: KeyId }>({ ...statement, values: [tenantId, ids] });
  return new Set(rows.map(({ id }) => id));
}
