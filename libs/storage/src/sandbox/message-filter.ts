import type { DeliveryId, EmailId, JobId, TenantId } from '#domain';

/** Which messages of an inbox; undefined narrows nothing. */
export interface SandboxFilter {
  /** The recipient's address, ignoring case. */
  readonly to?: string | undefined;
  /** The address in the From header or of the envelope, ignoring case. */
  readonly from?: string | undefined;
  /** A part of the subject, ignoring case. */
  readonly subject?: string | undefined;
  readonly emailId?: EmailId | undefined;
  readonly deliveryId?: DeliveryId | undefined;
  /** Of the emails of this job. */
  readonly jobId?: JobId | undefined;
  /** Received then or later. */
  readonly since?: Date | undefined;
}

/** The first eight parameters of every statement that reads the inbox by a filter. */
export const filterValues = (tenantId: TenantId, filter: SandboxFilter): unknown[] => [
  tenantId,
  filter.to ?? null,
  filter.from ?? null,
  filter.subject ?? null,
  filter.emailId ?? null,
  filter.deliveryId ?? null,
  filter.since ?? null,
  filter.jobId ?? null,
];

/** Whether it lets everything through. */
export const isWholeInbox = (filter: SandboxFilter): boolean =>
  Object.values(filter).every((value) => value === undefined);
