import { publicId } from '#domain';
import type { SandboxMessageRow, SandboxStats } from '#storage';
import type { OpenedMessage } from './open-message.js';

/** A message of the inbox as a list with `fields=envelope` shows it. */
export const envelopeView = (row: SandboxMessageRow) => ({
  object: 'sandbox_message' as const,
  id: publicId('sandbox_message', row.id),
  deliveryId: row.delivery_id && publicId('delivery', row.delivery_id),
  emailId: row.email_id && publicId('email', row.email_id),
  jobId: row.job_id && publicId('job', row.job_id),
  from: row.from_mailbox ?? row.mail_from,
  to: row.rcpt_to,
  receivedAt: row.received_at.toISOString(),
  subject: row.subject,
  sizeBytes: row.size_bytes,
  script: row.script,
});

export type EnvelopeView = ReturnType<typeof envelopeView>;

/** A message of the inbox as a whole (interface 3.17). */
export const messageView = (row: SandboxMessageRow, { text, html, headers, attachments }: OpenedMessage) => ({
  ...envelopeView(row),
  text,
  html,
  headers,
  attachments: attachments.map(({ filename, contentType, contentId, content }) => ({
    filename,
    contentType,
    contentId,
    sizeBytes: content.length,
  })),
  findings: [],
});

export type MessageView = ReturnType<typeof messageView>;

export const statsView = (stats: SandboxStats) => ({
  accepted: stats.accepted,
  refused: stats.refused,
  dropped: stats.dropped,
  distinctDeliveries: stats.distinct_deliveries,
  duplicates: stats.duplicates,
});

export type StatsView = ReturnType<typeof statsView>;
