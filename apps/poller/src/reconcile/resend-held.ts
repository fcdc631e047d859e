import { deliveryRetryingV1 } from '#events';
import {
  appendOutbox,
  type Database,
  deliveryFact,
  type OutboxEvent,
  outboxEvent,
  type ResentDelivery,
  resendHeld,
} from '#storage';

const AT_ONCE = 500;

/** Sends ambiguous deliveries once more whose hold is over, marked as possible duplicates; how many. */
export function resendAfterHold(db: Database): Promise<number> {
  return db.transaction(async (tx) => {
    const again = await resendHeld(tx, AT_ONCE);
    await appendOutbox(tx, again.map(retryingEvent));
    return again.length;
  });
}

const retryingEvent = (delivery: ResentDelivery): OutboxEvent =>
  outboxEvent(
    deliveryRetryingV1,
    {
      tenantId: delivery.tenant_id,
      mode: delivery.mode,
      source: 'poller',
      actor: 'system',
      emailId: delivery.email_id,
      deliveryId: delivery.id,
      version: delivery.version,
    },
    {
      ...deliveryFact({
        id: delivery.id,
        emailId: delivery.email_id,
        ownerId: delivery.owner_id,
        address: delivery.address,
        from: 'sending',
        attempt: delivery.attempt,
        epoch: delivery.epoch,
        providerId: delivery.provider_id,
        reply: null,
        reason: 'ambiguous',
        lateMs: delivery.late_ms,
        possibleDuplicate: true,
      }),
      status: 'scheduled',
      nextAttemptAt: delivery.due_at.toISOString(),
    },
  );
