import type { DeliveryId, PROVIDER_DOWN, SLOW_RENDERING } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';
import { type Claim, claimColumns, inLockOrder } from './claim.js';

export interface ParkAsk extends Claim {
  readonly delaySeconds: number;
  readonly reason: typeof PROVIDER_DOWN | typeof SLOW_RENDERING | 'limit' | 'window';
}

const statement = sqlFile('./park.sql', import.meta.url);

/** Gives deliveries back that cannot be tried yet, all in one statement, no attempt counted; those that were still ours. */
export async function parkDeliveries(db: Queryable, asks: readonly ParkAsk[]): Promise<Set<DeliveryId>> {
  if (asks.length === 0) return new Set();
  const sorted = inLockOrder(asks);
  const delays = sorted.map(({ delaySeconds }) => delaySeconds * 1000);
  const { rows } = await db.query<{ id: DeliveryId }>({
    ...statement,
    values: [...claimColumns(sorted), delays, sorted.map(({ reason }) => reason)],
  });
  return new Set(rows.map(({ id }) => id));
}
