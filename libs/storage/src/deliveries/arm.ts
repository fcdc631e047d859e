import type { DeliveryId, ProcessId, ProviderId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';
import { type Claim, claimColumns, claimKey, inLockOrder } from './claim.js';

export interface ArmAsk extends Claim {
  /** The version of the content that was rendered: an edit since then refuses the arm. */
  readonly contentVersion: number;
  readonly providerId: ProviderId;
}

export interface Armed {
  /** This attempt included. */
  readonly attempt: number;
}

const statement = sqlFile('./arm.sql', import.meta.url);

/**
 * One answer for each ask, in the order given; undefined: refused, destroy its connection before the dot.
 * Of two asks for the same claim (a record that Kafka repeated) one at most is armed, and an old epoch never is.
 */
export async function arm(
  db: Queryable,
  asks: readonly ArmAsk[],
  sender: ProcessId,
): Promise<readonly (Armed | undefined)[]> {
  const first = new Map(asks.toReversed().map((ask) => [claimKey(ask), ask]));
  const sorted = inLockOrder([...first.values()]);
  const values = [
    ...claimColumns(sorted),
    sorted.map((ask) => ask.contentVersion),
    sender,
    sorted.map((ask) => ask.providerId),
  ];
  const { rows } = await db.query<{ id: DeliveryId; epoch: number; attempt: number }>({ ...statement, values });
  const armed = new Map(rows.map((row) => [claimKey(row), { attempt: row.attempt }]));
  return asks.map((ask) => (first.get(claimKey(ask)) === ask ? armed.get(claimKey(ask)) : undefined));
}
