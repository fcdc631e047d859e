import type { DeliveryId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';
import type { ArmAsk } from './arm.js';
import { claimColumns, claimKey } from './claim.js';

/**
 * Why the gate refused: the recipient is suppressed; nothing is wrong with it any more (the gate was only late); or it is
 * for somebody else to go on with it.
 */
export type Refusal = 'suppressed' | 'late' | 'moved';

const statement = sqlFile('./why-refused.sql', import.meta.url);

/** One answer for each refused ask, in the order given. */
export async function whyRefused(
  db: Queryable,
  asks: readonly Omit<ArmAsk, 'providerId'>[],
): Promise<readonly Refusal[]> {
  const values = [...claimColumns(asks), asks.map(({ contentVersion }) => contentVersion)];
  const { rows } = await db.query<{ id: DeliveryId; epoch: number; is_suppressed: boolean; is_open: boolean }>({
    ...statement,
    values,
  });
  const found = new Map(rows.map((row) => [claimKey(row), row]));
  return asks.map((ask) => {
    const row = found.get(claimKey(ask));
    if (row?.is_suppressed) return 'suppressed';
    return row?.is_open ? 'late' : 'moved';
  });
}
