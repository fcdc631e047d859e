import { type Cancellation, type EmailId, type JobId, type Mode, publicId, type TenantId } from '#domain';
import {
  deliveryCancelledV1,
  deliveryScheduledV1,
  deliveryUnknownV1,
  emailCancelledV1,
  emailPausedV1,
  emailResumedV1,
  emailUpdatedV1,
} from '#events';
import { deliveryFact } from '../outbox/delivery-fact.js';
import { type OutboxEvent, outboxEvent } from '../outbox/outbox-event.js';
import type { ChangedCopy } from './change-copies.js';
import type { LockedCopy } from './lock-emails.js';

/** The email that a change is about, and who made it. */
export interface ChangeOf {
  readonly tenantId: TenantId;
  readonly mode: Mode;
  readonly emailId: EmailId;
  readonly ownerId: string | null;
  readonly jobId: JobId | null;
  /** The app that writes it. */
  readonly source: string;
  readonly actor: string;
}

/** Copies of an email that a change is about, locked. */
export interface CopiesOf {
  readonly of: ChangeOf;
  readonly copies: readonly LockedCopy[];
}

/** A copy before and after its change. */
export interface CopyChange<After extends ChangedCopy = ChangedCopy> {
  readonly before: LockedCopy;
  readonly after: After;
}

/** Puts what came back from a statement beside what had been locked. */
export function pairs<After extends ChangedCopy>(
  before: readonly LockedCopy[],
  after: readonly After[],
): CopyChange<After>[] {
  const byId = new Map(before.map((copy) => [copy.id, copy]));
  return after.flatMap((copy) => {
    const was = byId.get(copy.id);
    return was ? [{ before: was, after: copy }] : [];
  });
}

export const copiesCancelled = (of: ChangeOf, changes: readonly CopyChange[], reason: string): OutboxEvent[] =>
  changes.map((change) =>
    outboxEvent(deliveryCancelledV1, about(of, change.after), { ...fact(of, change, reason), status: 'cancelled' }),
  );

export const copiesCalledOff = (of: ChangeOf, changes: readonly CopyChange[]): OutboxEvent[] =>
  changes.map((change) =>
    outboxEvent(deliveryUnknownV1, about(of, change.after), { ...fact(of, change, 'ambiguous'), status: 'unknown' }),
  );

export const copiesMoved = (
  of: ChangeOf,
  changes: readonly CopyChange<ChangedCopy & { readonly due_at: Date }>[],
): OutboxEvent[] =>
  changes.map((change) =>
    outboxEvent(deliveryScheduledV1, about(of, change.after), {
      ...fact(of, change, null),
      status: 'scheduled',
      dueAt: change.after.due_at.toISOString(),
    }),
  );

export const emailCancelled = (of: ChangeOf, caught: Cancellation, version: number): OutboxEvent =>
  outboxEvent(emailCancelledV1, aboutEmail(of, version), {
    emailId: publicId('email', of.emailId),
    ...caught,
    version,
  });

export const emailUpdated = (
  of: ChangeOf,
  changed: readonly string[],
  email: { readonly version: number; readonly scheduledAt: Date },
): OutboxEvent =>
  outboxEvent(emailUpdatedV1, aboutEmail(of, email.version), {
    emailId: publicId('email', of.emailId),
    changed: [...changed],
    scheduledAt: email.scheduledAt.toISOString(),
    version: email.version,
  });

export const emailPaused = (of: ChangeOf, version: number): OutboxEvent =>
  outboxEvent(emailPausedV1, aboutEmail(of, version), { emailId: publicId('email', of.emailId), version });

export const emailResumed = (of: ChangeOf, version: number): OutboxEvent =>
  outboxEvent(emailResumedV1, aboutEmail(of, version), { emailId: publicId('email', of.emailId), version });

const aboutEmail = ({ tenantId, mode, source, actor, emailId }: ChangeOf, version: number) => ({
  tenantId,
  mode,
  source,
  actor,
  emailId,
  deliveryId: null,
  version,
});

const about = (of: ChangeOf, copy: ChangedCopy) => ({ ...aboutEmail(of, copy.version), deliveryId: copy.id });

const fact = (of: ChangeOf, { before, after }: CopyChange, reason: string | null) =>
  deliveryFact({
    id: after.id,
    emailId: of.emailId,
    jobId: of.jobId,
    ownerId: of.ownerId,
    address: before.address,
    from: before.status,
    attempt: before.attempt,
    epoch: after.epoch,
    providerId: before.provider_id,
    reply: null,
    reason,
    lateMs: before.late_ms,
    possibleDuplicate: before.possible_duplicate,
  });
