import type { Lane, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

const statement = sqlFile('./ready-lines.sql', import.meta.url);

export interface ReadyLines {
  /** Whose lines may be looked at now, the longest ready first. */
  readonly tenants: readonly TenantId[];
  /** Until the next line is ready; null: as far as it was looked, none waits. */
  readonly waitMs: number | null;
}

/** Which tenants have lines in a lane that something may be taken from. @param most lines to look at */
export async function readyLines(
  db: Queryable,
  lane: Lane,
  most: number,
  passedOver: readonly TenantId[],
): Promise<ReadyLines> {
  const { rows } = await db.query<{ tenant_id: TenantId; wait_ms: number }>({
    ...statement,
    values: [lane, most, passedOver],
  });
  const ready = rows.filter(({ wait_ms }) => wait_ms <= 0);
  return {
    tenants: [...new Set(ready.map(({ tenant_id }) => tenant_id))],
    waitMs: rows.length > ready.length ? (rows[ready.length]?.wait_ms ?? null) : null,
  };
}
