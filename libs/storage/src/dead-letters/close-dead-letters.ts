import type { DeadLetterId, DeliveryId, Mode, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

const statements = {
  redriven: sqlFile('./close-redriven.sql', import.meta.url),
  discard: sqlFile('./discard.sql', import.meta.url),
};

/** Closes the dead letters of deliveries that are sent again, in the transaction that opens them. */
export async function closeRedriven(
  tx: Queryable,
  tenantId: TenantId,
  deliveryIds: readonly DeliveryId[],
  actor: string,
): Promise<void> {
  if (deliveryIds.length === 0) return;
  await tx.query({ ...statements.redriven, values: [tenantId, deliveryIds, actor] });
}

/** Discards an open dead letter; false: it is not open, or does not exist for this tenant and mode. */
export async function discardDeadLetter(
  tx: Queryable,
  { tenantId, mode, actor }: { readonly tenantId: TenantId; readonly mode: Mode; readonly actor: string },
  id: DeadLetterId,
  why: string,
): Promise<boolean> {
  const { rows } = await tx.query({ ...statements.discard, values: [tenantId, mode, id, actor, why] });
  return rows.length > 0;
}
