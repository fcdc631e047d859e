import { decideAmbiguous } from '#domain';
import { deliveryUnknownV1 } from '#events';
import { type AmbiguousDelivery, outboxEvent, type SettleAsk } from '#storage';
import { aboutAmbiguous, ambiguousFact } from './ambiguous-fact.js';

/** What becomes of an armed delivery of whose end nobody will tell: on hold for one more attempt, or `unknown`. */
export function reapAmbiguous(delivery: AmbiguousDelivery, holdSeconds: number): SettleAsk {
  const error = delivery.owner_is_dead
    ? 'its sender died while it was armed'
    : 'its sender has been silent since it was armed';
  const settlement = decideAmbiguous({ onUnknown: delivery.on_unknown, resends: delivery.resends }, error, holdSeconds);
  const isHeld = settlement.kind === 'held';
  return {
    tenantId: delivery.tenant_id,
    id: delivery.id,
    epoch: delivery.epoch,
    emailId: delivery.email_id,
    status: isHeld ? 'sending' : 'unknown',
    armed: true,
    counts: true,
    delaySeconds: 0,
    // A late reply can only come from a sender that may be alive.
    holdSeconds: isHeld && !delivery.owner_is_dead ? settlement.holdSeconds : 0,
    reason: isHeld ? null : 'ambiguous',
    reply: null,
    providerId: delivery.provider_id,
    attempt: delivery.attempt,
    phase: 'dot_released',
    outcome: 'unknown',
    error,
    tookMs: delivery.armed_ms_ago,
    connectMs: null,
    envelopeMs: null,
    armMs: null,
    replyMs: null,
    event: isHeld ? null : unknownEvent(delivery),
  };
}

const unknownEvent = (delivery: AmbiguousDelivery) =>
  outboxEvent(deliveryUnknownV1, aboutAmbiguous(delivery, 0), {
    ...ambiguousFact(delivery, delivery.possible_duplicate),
    status: 'unknown',
  });
