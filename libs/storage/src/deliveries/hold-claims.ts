import type { DeliveryId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';
import { type Claim, claimColumns, inLockOrder } from './claim.js';

const renewStatement = sqlFile('./renew-grants.sql', import.meta.url);
const releaseStatement = sqlFile('./release.sql', import.meta.url);

/** Keeps claims alive; the ids that still are ours. Stop working on any other. */
export async function renewGrants(
  db: Queryable,
  claims: readonly Claim[],
  grantSeconds: number,
): Promise<Set<DeliveryId>> {
  const values = [...claimColumns(inLockOrder(claims)), grantSeconds];
  const { rows } = await db.query<{ id: DeliveryId }>({ ...renewStatement, values });
  return new Set(rows.map((row) => row.id));
}

/** Gives claims back that were not begun, due as before. */
export async function releaseClaims(db: Queryable, claims: readonly Claim[]): Promise<void> {
  if (claims.length > 0) await db.query({ ...releaseStatement, values: claimColumns(inLockOrder(claims)) });
}
