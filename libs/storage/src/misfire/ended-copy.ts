import {
  type DeliveryId,
  type DeliveryStatus,
  type EmailId,
  type FinalReason,
  type JobId,
  type Mode,
  type ProviderId,
  type TenantId,
} from '#domain';
import { deliveryExpiredV1, deliveryFailedV1, deliveryUnknownV1 } from '#events';
import { deliveryFact } from '../outbox/delivery-fact.js';
import { type OutboxEvent, outboxEvent } from '../outbox/outbox-event.js';

/** A copy that came too late, as it is now, and what it was before. */
export interface EndedCopy {
  readonly tenant_id: TenantId;
  readonly id: DeliveryId;
  /** `scheduled`: it waits, or is held until a person decides. */
  readonly status: 'expired' | 'failed' | 'unknown' | 'scheduled';
  readonly epoch: number;
  readonly version: number;
  readonly reason: FinalReason;
  readonly from: DeliveryStatus;
  readonly mode: Mode;
  readonly email_id: EmailId;
  readonly owner_id: string | null;
  readonly job_id: JobId | null;
  readonly address: string;
  readonly attempt: number;
  readonly provider_id: ProviderId | null;
  readonly possible_duplicate: boolean;
  readonly late_ms: number | null;
}

/** What is told of copies that came too late, by the app that ended them. Waiting and being held are no events: nothing has ended. */
export const endedEvents = (copies: readonly EndedCopy[], source: 'poller' | 'scheduler' = 'poller'): OutboxEvent[] =>
  copies.flatMap((copy) => endedEvent(copy, source));

function endedEvent(copy: EndedCopy, source: string): OutboxEvent[] {
  const about = {
    tenantId: copy.tenant_id,
    mode: copy.mode,
    source,
    actor: 'system',
    emailId: copy.email_id,
    deliveryId: copy.id,
    version: copy.version,
  };
  switch (copy.status) {
    case 'scheduled':
      return [];
    case 'expired':
      return [outboxEvent(deliveryExpiredV1, about, { ...fact(copy), status: 'expired' })];
    case 'failed':
      return [outboxEvent(deliveryFailedV1, about, { ...fact(copy), status: 'failed' })];
    case 'unknown':
      return [outboxEvent(deliveryUnknownV1, about, { ...fact(copy), status: 'unknown' })];
  }
}

const fact = (copy: EndedCopy) =>
  deliveryFact({
    id: copy.id,
    emailId: copy.email_id,
    jobId: copy.job_id,
    ownerId: copy.owner_id,
    address: copy.address,
    from: copy.from,
    attempt: copy.attempt,
    epoch: copy.epoch,
    providerId: copy.provider_id,
    reply: null,
    reason: copy.reason,
    lateMs: copy.late_ms,
    possibleDuplicate: copy.possible_duplicate,
  });
