import { deliverySuppressedV1, deliveryUnknownV1 } from '#events';
import { type ClaimedDelivery, deliveryFact, type OutboxEvent, outboxEvent, type SettleAsk } from '#storage';

/**
 * The end of a delivery whose recipient is suppressed: nothing was attempted, and nobody was asked to connect. What was to
 * be sent once more may have arrived before, so it stays unknown (decision 9).
 */
export function suppressedAsk(delivery: ClaimedDelivery): SettleAsk {
  const mayHaveArrived = delivery.resends > 0;
  return {
    tenantId: delivery.tenantId,
    id: delivery.id,
    epoch: delivery.epoch,
    emailId: delivery.emailId,
    status: mayHaveArrived ? 'unknown' : 'suppressed',
    armed: false,
    counts: false,
    delaySeconds: 0,
    holdSeconds: 0,
    reason: mayHaveArrived ? 'ambiguous' : 'recipient_suppressed',
    reply: null,
    providerId: null,
    attempt: delivery.attempt,
    phase: 'connecting',
    outcome: null,
    error: null,
    tookMs: 0,
    connectMs: null,
    envelopeMs: null,
    armMs: null,
    replyMs: null,
    event: mayHaveArrived ? unknownEvent(delivery) : suppressedEvent(delivery),
  };
}

const suppressedEvent = (delivery: ClaimedDelivery): OutboxEvent =>
  outboxEvent(deliverySuppressedV1, aboutOf(delivery), {
    ...factOf(delivery, 'recipient_suppressed'),
    status: 'suppressed',
  });

const unknownEvent = (delivery: ClaimedDelivery): OutboxEvent =>
  outboxEvent(deliveryUnknownV1, aboutOf(delivery), { ...factOf(delivery, 'ambiguous'), status: 'unknown' });

const aboutOf = ({ tenantId, mode, emailId, id }: ClaimedDelivery) => ({
  tenantId,
  mode,
  source: 'sender',
  actor: 'system',
  emailId,
  deliveryId: id,
  version: 0, // the statement writes the delivery's
});

const factOf = (delivery: ClaimedDelivery, reason: string) =>
  deliveryFact({
    id: delivery.id,
    emailId: delivery.emailId,
    jobId: delivery.jobId,
    ownerId: delivery.ownerId,
    address: delivery.address,
    from: 'queued',
    attempt: delivery.attempt,
    epoch: delivery.epoch,
    providerId: null,
    reply: null,
    reason,
    lateMs: delivery.lateMs,
    possibleDuplicate: delivery.possibleDuplicate,
  });
