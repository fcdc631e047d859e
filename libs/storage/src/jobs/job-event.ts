import { type JobId, type Mode, publicId, type TenantId } from '#domain';
import type { EventData, EventDefinition } from '#events';
import { newId } from '../new-id.js';
import { currentCause } from '../outbox/cause.js';
import type { OutboxEvent } from '../outbox/outbox-event.js';

/** An event about a job itself, ready for the outbox. */
export const jobEvent = <Event extends EventDefinition>(
  definition: Event,
  job: { readonly tenantId: TenantId; readonly id: JobId; readonly mode: Mode; readonly actor: string },
  data: Omit<EventData<Event>, 'at'> & { readonly version: number },
): OutboxEvent => ({
  eventId: newId(),
  tenantId: job.tenantId,
  mode: job.mode,
  topic: definition.topic.name,
  key: publicId('job', job.id),
  type: definition.type,
  eventVersion: definition.version,
  source: 'scheduler',
  actor: job.actor,
  emailId: null,
  deliveryId: null,
  jobId: job.id,
  version: data.version,
  traceparent: currentCause(),
  data: JSON.stringify(data),
});
