import { type LimitId, type TenantId, Usage } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

/** What is asked of one limit. */
export interface UsesAsk {
  readonly tenantId: TenantId;
  readonly limitId: LimitId;
  /** What is dated up to this does not count. */
  readonly sinceMs: number;
}

const statements = {
  granted: sqlFile('./limit-uses.sql', import.meta.url),
  rates: sqlFile('./rate-uses.sql', import.meta.url),
};

type Row = { readonly limit_id: LimitId; readonly at_ms: number; readonly used: number };

/** When how much was used of limits, by rules of more than a minute (`granted`) or of less (`rates`). */
export async function readUses(
  db: Queryable,
  kind: keyof typeof statements,
  key: string,
  asks: readonly UsesAsk[],
): Promise<ReadonlyMap<LimitId, Usage>> {
  const usages = new Map(asks.map(({ limitId }) => [limitId, new Usage()]));
  if (asks.length === 0) return usages;
  const values = [
    asks.map(({ tenantId }) => tenantId),
    asks.map(({ limitId }) => limitId),
    key,
    asks.map(({ sinceMs }) => new Date(sinceMs)),
  ];
  const { rows } = await db.query<Row & Record<string, unknown>>({ ...statements[kind], values });
  for (const { limit_id: id, at_ms: atMs, used } of rows) usages.get(id)?.add(atMs, used);
  return usages;
}
