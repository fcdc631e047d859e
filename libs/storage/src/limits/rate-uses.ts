import { type LimitId, type TenantId, Usage } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

/** What is asked of one limit. */
export interface RatesAsk {
  readonly tenantId: TenantId;
  readonly limitId: LimitId;
  /** What is dated up to this does not count. */
  readonly sinceMs: number;
}

const statement = sqlFile('./rate-uses.sql', import.meta.url);

/** When how much the gate let through of limits under one key: by rules of up to a minute. */
export async function readRates(
  db: Queryable,
  key: string,
  asks: readonly RatesAsk[],
): Promise<ReadonlyMap<LimitId, Usage>> {
  const usages = new Map(asks.map(({ limitId }) => [limitId, new Usage()]));
  if (asks.length === 0) return usages;
  const values = [
    asks.map(({ tenantId }) => tenantId),
    asks.map(({ limitId }) => limitId),
    key,
    asks.map(({ sinceMs }) => new Date(sinceMs)),
  ];
  const { rows } = await db.query<{ limit_id: LimitId; at_ms: number; used: number }>({ ...statement, values });
  for (const { limit_id: id, at_ms: atMs, used } of rows) usages.get(id)?.add(atMs, used);
  return usages;
}
