import { publicId } from '#domain';
import type { DeadLetterRow } from '#storage';

/** A dead letter as lists show it: without its payload (interface 3.6). */
export const deadLetterListItem = (row: DeadLetterRow) => ({
  object: 'dead_letter' as const,
  id: publicId('dead_letter', row.id),
  kind: row.kind,
  reason: row.reason,
  status: row.status,
  deliveryId: row.delivery_id && publicId('delivery', row.delivery_id),
  emailId: row.email_id && publicId('email', row.email_id),
  jobId: row.job_id && publicId('job', row.job_id),
  attempts: row.attempts,
  error: row.error,
  conversation: row.conversation,
  topic: row.topic,
  partition: row.partition,
  offset: row.record_offset === null ? null : Number(row.record_offset),
  createdAt: row.created_at.toISOString(),
  closedAt: row.closed_at?.toISOString() ?? null,
  closedBy: row.closed_by,
  discardReason: row.note,
});

/** A dead letter with its payload. */
export const deadLetterView = (row: DeadLetterRow) => ({
  ...deadLetterListItem(row),
  payload: row.payload?.toString('base64') ?? null,
});

export type DeadLetterListItem = ReturnType<typeof deadLetterListItem>;
export type DeadLetterView = ReturnType<typeof deadLetterView>;
