import { type CampaignId, type DeliveryId, type EmailId, hasControls, type JobId, parsePublicId } from '#domain';
import type { Scope } from '#http';

/** What a client can listen to (interface 4). */
export type StatusTopic =
  | { readonly kind: 'email'; readonly emailId: EmailId }
  | { readonly kind: 'delivery'; readonly deliveryId: DeliveryId }
  | { readonly kind: 'job'; readonly jobId: JobId }
  | { readonly kind: 'campaign'; readonly emailId: EmailId }
  | { readonly kind: 'owner'; readonly ownerId: string }
  | { readonly kind: 'tenant' }
  | { readonly kind: 'dead-letters' };

const MAX_OWNER_LENGTH = 100;

/** Reads the name of a topic; undefined: there is none of that name. */
export function parseTopic(name: string): StatusTopic | undefined {
  if (name === 'tenant' || name === 'dead-letters') return { kind: name };
  const colon = name.indexOf(':');
  const id = name.slice(colon + 1);
  switch (name.slice(0, Math.max(0, colon))) {
    case 'email': {
      const emailId = parsePublicId('email', id);
      return emailId && { kind: 'email', emailId };
    }
    case 'delivery': {
      const deliveryId = parsePublicId('delivery', id);
      return deliveryId && { kind: 'delivery', deliveryId };
    }
    case 'job': {
      const jobId = parsePublicId('job', id);
      return jobId && { kind: 'job', jobId };
    }
    case 'campaign': {
      const campaignId = parsePublicId('campaign', id);
      return campaignId && { kind: 'campaign', emailId: emailOfCampaign(campaignId) };
    }
    case 'owner':
      return isOwnerId(id) ? { kind: 'owner', ownerId: id } : undefined;
    default:
      return undefined;
  }
}

/** They bear one uuid. */
const emailOfCampaign = (id: CampaignId): EmailId => id as string as EmailId;

/** Whether an email may have this owner. */
const isOwnerId = (id: string): boolean =>
  id.length > 0 && id.length <= MAX_OWNER_LENGTH && !hasControls(id) && id.isWellFormed();

/** What a key must be allowed to do to listen to it. */
export const scopeOf = ({ kind }: StatusTopic): Scope => (kind === 'dead-letters' ? 'ops' : 'emails:read');
