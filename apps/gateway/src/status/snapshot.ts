import { type Caller, type DeliveryView, deliveryView, type EmailView, emailView } from '#http';
import { type Database, type EventsOf, getDelivery, getEmail } from '#storage';
import type { StatusTopic } from './topic.js';

export type Snapshot = EmailView | DeliveryView | { readonly jobs: readonly never[] } | null;

/** What a topic stands for, as it is now. */
export interface TopicNow {
  readonly snapshot: Snapshot;
  readonly eventsOf: EventsOf;
}

/** undefined: there is no such thing for this caller. */
export async function readTopic(
  db: Database,
  { tenantId, mode }: Caller,
  topic: StatusTopic,
): Promise<TopicNow | undefined> {
  if (topic.kind === 'tenant') return { snapshot: null, eventsOf: topic };
  if (topic.kind === 'owner') return { snapshot: { jobs: [] }, eventsOf: topic };
  if (topic.kind === 'email') {
    const email = await getEmail(db, tenantId, mode, topic.emailId);
    return email && { snapshot: emailView(email), eventsOf: topic };
  }
  const delivery = await getDelivery(db, tenantId, mode, topic.deliveryId);
  return delivery && { snapshot: deliveryView(delivery), eventsOf: { ...topic, emailId: delivery.email_id } };
}
