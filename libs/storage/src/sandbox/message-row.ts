import type { DeliveryId, EmailId, JobId, SandboxMessageId } from '#domain';

/** A message of the inbox without its bytes. */
export interface SandboxMessageRow {
  readonly id: SandboxMessageId;
  readonly delivery_id: DeliveryId | null;
  readonly email_id: EmailId | null;
  /** The job of its email. */
  readonly job_id: JobId | null;
  readonly mail_from: string;
  readonly rcpt_to: string;
  readonly from_mailbox: string | null;
  readonly subject: string | null;
  readonly size_bytes: number;
  readonly script: string | null;
  readonly received_at: Date;
}

/** The same with the bytes that came over the wire. */
export interface SandboxMessageWithRaw extends SandboxMessageRow {
  readonly raw: Buffer;
}
