import type { DeliveryId, EmailId, JobId, Mode, ProviderId, TenantId } from '#domain';
import { deliveryFailedV1, deliverySentV1 } from '#events';
import type { Queryable } from '../database.js';
import { appendOutbox } from '../outbox/append-outbox.js';
import { deliveryFact } from '../outbox/delivery-fact.js';
import { outboxEvent } from '../outbox/outbox-event.js';
import { sqlFile } from '../sql-file.js';

interface Resolved {
  readonly id: DeliveryId;
  readonly email_id: EmailId;
  readonly epoch: number;
  readonly version: number;
  readonly attempt: number;
  readonly address: string;
  readonly provider_id: ProviderId | null;
  readonly possible_duplicate: boolean;
  readonly late_ms: number | null;
  readonly owner_id: string | null;
  readonly job_id: JobId | null;
}

const REASON = 'resolved_by_user';
const statement = sqlFile('./resolve-delivery.sql', import.meta.url);

/** Ends an unknown delivery as a person knows that it did, and tells it; whether it was unknown still. */
export async function resolveDelivery(
  tx: Queryable,
  { tenantId, mode, actor }: { readonly tenantId: TenantId; readonly mode: Mode; readonly actor: string },
  deliveryId: DeliveryId,
  status: 'sent' | 'failed',
): Promise<boolean> {
  const { rows } = await tx.query<Resolved & Record<string, unknown>>({
    ...statement,
    values: [tenantId, mode, deliveryId, status],
  });
  const [row] = rows;
  if (!row) return false;
  const about = { tenantId, mode, source: 'scheduler', actor, emailId: row.email_id, deliveryId, version: row.version };
  const fact = deliveryFact({
    id: row.id,
    emailId: row.email_id,
    jobId: row.job_id,
    ownerId: row.owner_id,
    address: row.address,
    from: 'unknown',
    attempt: row.attempt,
    epoch: row.epoch,
    providerId: row.provider_id,
    reply: null,
    reason: REASON,
    lateMs: row.late_ms,
    possibleDuplicate: row.possible_duplicate,
  });
  const event =
    status === 'sent'
      ? outboxEvent(deliverySentV1, about, { ...fact, status })
      : outboxEvent(deliveryFailedV1, about, { ...fact, status });
  await appendOutbox(tx, [event]);
  return true;
}
