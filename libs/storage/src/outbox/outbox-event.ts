import { type DeliveryId, type EmailId, type EventId, type JobId, type Mode, publicId, type TenantId } from '#domain';
import type { EventData, EventDefinition } from '#events';
import { newId } from '../new-id.js';
import { currentCause } from './cause.js';

/** `at` is always the database's; the other instants may be, where a statement decides on them. */
type MayBeFilled = 'scheduledAt' | 'nextAttemptAt';
type Draft<Data> = Omit<Data, 'at' | MayBeFilled> & Partial<Pick<Data, Extract<keyof Data, MayBeFilled>>>;

/** An event as it waits to be stored: everything but the database's instants. */
export interface OutboxEvent {
  readonly eventId: EventId;
  readonly tenantId: TenantId;
  readonly mode: Mode;
  readonly topic: string;
  readonly key: string;
  readonly type: string;
  readonly eventVersion: number;
  readonly source: string;
  /** Who caused it: `key_…`, `system`, `recipient`, `provider`. */
  readonly actor: string;
  /** null: it is about a job. */
  readonly emailId: EmailId | null;
  readonly deliveryId: DeliveryId | null;
  /** Only where the event is about the job itself. */
  readonly jobId?: JobId;
  /** Of the request that caused it (W3C Trace Context). */
  readonly traceparent?: string | null;
  /** Of the delivery, or of the email or job where the event is about that. */
  readonly version: number;
  /** JSON. */
  readonly data: string;
}

export interface EventAbout {
  readonly tenantId: TenantId;
  readonly mode: Mode;
  readonly source: string;
  readonly actor: string;
  readonly emailId: EmailId;
  readonly deliveryId: DeliveryId | null;
  readonly version: number;
}

/** Makes an event ready for the outbox; its data is checked by the compiler against the event's schema. */
export function outboxEvent<Event extends EventDefinition>(
  definition: Event,
  about: EventAbout,
  data: Draft<EventData<Event>>,
): OutboxEvent {
  return {
    ...about,
    eventId: newId(),
    traceparent: currentCause(),
    topic: definition.topic.name,
    key: about.deliveryId === null ? publicId('email', about.emailId) : publicId('delivery', about.deliveryId),
    type: definition.type,
    eventVersion: definition.version,
    data: JSON.stringify(data),
  };
}
