import { type DeliveryId, type EmailId, parsePublicId } from '#domain';

/** What a socket can subscribe to (interface 4). */
export type StatusTopic =
  | { readonly kind: 'email'; readonly emailId: EmailId }
  | { readonly kind: 'delivery'; readonly deliveryId: DeliveryId }
  | { readonly kind: 'owner'; readonly ownerId: string }
  | { readonly kind: 'tenant' };

const MAX_OWNER_LENGTH = 100;

/** Reads the name of a topic; undefined: there is none of that name. */
export function parseTopic(name: string): StatusTopic | undefined {
  if (name === 'tenant') return { kind: 'tenant' };
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
    case 'owner':
      return id.length > 0 && id.length <= MAX_OWNER_LENGTH ? { kind: 'owner', ownerId: id } : undefined;
    default:
      return undefined;
  }
}
