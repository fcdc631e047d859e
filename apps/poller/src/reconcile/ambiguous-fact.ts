import { type AmbiguousDelivery, deliveryFact, type EventAbout, type ResentDelivery } from '#storage';

/** An event about a delivery whose attempt was ambiguous, told by the reconciler. */
export const aboutAmbiguous = (delivery: AmbiguousDelivery | ResentDelivery, version: number): EventAbout => ({
  tenantId: delivery.tenant_id,
  mode: delivery.mode,
  source: 'poller',
  actor: 'system',
  emailId: delivery.email_id,
  deliveryId: delivery.id,
  version,
});

/** What both ends of an ambiguous attempt tell: `unknown`, and being sent once more. */
export const ambiguousFact = (delivery: AmbiguousDelivery | ResentDelivery, possibleDuplicate: boolean) =>
  deliveryFact({
    id: delivery.id,
    emailId: delivery.email_id,
    jobId: delivery.job_id,
    ownerId: delivery.owner_id,
    address: delivery.address,
    from: 'sending',
    attempt: delivery.attempt,
    epoch: delivery.epoch,
    providerId: delivery.provider_id,
    reply: null,
    reason: 'ambiguous',
    lateMs: delivery.late_ms,
    possibleDuplicate,
  });
