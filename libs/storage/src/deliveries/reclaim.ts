import type { DeliveryId, Lane } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

export interface Reclaimed {
  readonly id: DeliveryId;
  readonly lane: Lane;
  /** How often its claims were lost in a row. */
  readonly lost_claims: number;
}

const reclaimStatement = sqlFile('./reclaim.sql', import.meta.url);
const sweepStatement = sqlFile('./sweep-claims.sql', import.meta.url);

/** Returns deliveries to `scheduled` whose claim was lost with its process. */
export async function reclaim(db: Queryable, maxClaims: number): Promise<Reclaimed[]> {
  const { rows } = await db.query<{ id: DeliveryId; lane: Lane; lost_claims: number }>({
    ...reclaimStatement,
    values: [maxClaims],
  });
  return rows;
}

/** How many deliveries of a lane are queued now; forgets finished claims on the way. */
export async function sweepClaims(db: Queryable, lane: Lane): Promise<number> {
  const { rows } = await db.query<{ queued: number }>({ ...sweepStatement, values: [lane] });
  return rows[0]?.queued ?? 0;
}
