import type { DeliveryId, ProcessId, ProviderId, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';
import { type Claim, claimColumns, inLockOrder } from './claim.js';

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

/** The claims that may be sent, by delivery id. Any other was refused: destroy its connection before the dot. */
export async function arm(db: Queryable, asks: readonly ArmAsk[], sender: ProcessId): Promise<Map<DeliveryId, Armed>> {
  const sorted = inLockOrder(asks);
  const values = [
    ...claimColumns(sorted),
    sorted.map((ask) => ask.contentVersion),
    sender,
    sorted.map((ask) => ask.providerId),
  ];
  const { rows } = await db.query<{ tenant_id: TenantId; id: DeliveryId; attempt: number }>({ ...statement, values });
  return new Map(rows.map((row) => [row.id, { attempt: row.attempt }]));
}
