import { type EmailId, publicId } from '#domain';
import type { TimelineRow } from '#storage';

/** One thing that happened (interface 3.15). */
export const timelineView = (emailId: EmailId, row: TimelineRow) => ({
  object: 'event' as const,
  id: publicId('event', row.id),
  type: row.type,
  time: row.time,
  emailId: publicId('email', emailId),
  deliveryId: row.delivery_id && publicId('delivery', row.delivery_id),
  attempt: row.attempt,
  actor: row.actor,
  data: row.data,
});

export type TimelineEventView = ReturnType<typeof timelineView>;
