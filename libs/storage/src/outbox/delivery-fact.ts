import {
  type DeliveryId,
  type DeliveryStatus,
  domainGroup,
  type EmailId,
  type JobId,
  type ProviderId,
  publicId,
  type Reply,
} from '#domain';

/** What is known of a delivery when something is told about it. */
export interface FactSource {
  readonly id: DeliveryId;
  readonly emailId: EmailId;
  readonly jobId: JobId | null;
  readonly ownerId: string | null;
  readonly address: string;
  readonly from: DeliveryStatus;
  readonly attempt: number;
  readonly epoch: number;
  readonly providerId: ProviderId | null;
  readonly reply: Reply | null;
  readonly reason: string | null;
  readonly lateMs: number | null;
  readonly possibleDuplicate: boolean;
}

/** The part that all `delivery.*` events share: ids and facts, no address and no text of a reply. */
export const deliveryFact = (source: FactSource) => ({
  deliveryId: publicId('delivery', source.id),
  emailId: publicId('email', source.emailId),
  jobId: source.jobId && publicId('job', source.jobId),
  ownerId: source.ownerId,
  from: source.from,
  attempt: source.attempt,
  epoch: source.epoch,
  providerId: source.providerId && publicId('provider', source.providerId),
  domainGroup: domainGroup(source.address),
  reply: source.reply && { code: source.reply.code, enhanced: source.reply.enhanced },
  reason: source.reason,
  lateMs: source.lateMs === null ? null : Math.max(0, Math.round(source.lateMs)),
  possibleDuplicate: source.possibleDuplicate,
});
