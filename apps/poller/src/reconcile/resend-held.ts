import { deliveryRetryingV1 } from '#events';
import { appendOutbox, type Database, type OutboxEvent, outboxEvent, type ResentDelivery, resendHeld } from '#storage';
import { aboutAmbiguous, ambiguousFact } from './ambiguous-fact.js';

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
  outboxEvent(deliveryRetryingV1, aboutAmbiguous(delivery, delivery.version), {
    ...ambiguousFact(delivery, true),
    status: 'scheduled',
    nextAttemptAt: delivery.due_at.toISOString(),
  });
