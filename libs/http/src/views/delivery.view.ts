import { isFinal, messageId, publicId } from '#domain';
import type { AttemptRow, DeliveryRow } from '#storage';

/** A delivery as the API and realtime clients show it (interface 3.2). */
export function deliveryView(delivery: DeliveryRow) {
  const isShared = delivery.visibility === 'shared';
  return {
    object: 'delivery' as const,
    id: publicId('delivery', delivery.id),
    emailId: publicId('email', delivery.email_id),
    jobId: delivery.job_id && publicId('job', delivery.job_id),
    to: delivery.mailbox,
    status: delivery.status,
    lane: delivery.lane,
    mode: delivery.mode,
    attempt: delivery.attempt,
    epoch: delivery.epoch,
    possibleDuplicate: delivery.possible_duplicate,
    dueAt: delivery.eligible_at.toISOString(),
    nextAttemptAt: waitsAgain(delivery) ? delivery.due_at.toISOString() : null,
    armedAt: iso(delivery.armed_at),
    holdUntil: iso(delivery.hold_until),
    finishedAt: iso(delivery.finished_at),
    lateMs: delivery.late_ms === null ? null : Math.round(delivery.late_ms),
    providerId: delivery.provider_id && publicId('provider', delivery.provider_id),
    messageId: messageId(
      isShared ? 'email' : 'delivery',
      isShared ? delivery.email_id : delivery.id,
      delivery.from_mailbox,
    ),
    reason: isFinal(delivery.status) ? delivery.reason : null, // before, it says what it waits for: its explanation shows that
    reply: replyView(delivery),
    feedback: {
      state: 'none' as const,
      deliveredAt: null,
      bouncedAt: null,
      complainedAt: null,
      unsubscribedAt: null,
      opens: { human: 0, machine: 0, unknown: 0 },
      clicks: { human: 0, machine: 0, unknown: 0 },
    },
    attempts: delivery.attempts.map(attemptView),
    createdAt: delivery.created_at.toISOString(),
    version: delivery.version,
  };
}

/** It was tried, or was to be tried; what was missed is tried again only when a person wants it. */
const waitsAgain = ({ status, attempt, due_at: dueAt, eligible_at: wantedAt, reason }: DeliveryRow): boolean =>
  status === 'scheduled' && reason !== 'missed' && (attempt > 0 || dueAt > wantedAt);

export type DeliveryView = ReturnType<typeof deliveryView>;

const attemptView = (attempt: AttemptRow) => ({
  attempt: attempt.attempt,
  epoch: attempt.epoch,
  providerId: attempt.provider_id && publicId('provider', attempt.provider_id),
  startedAt: attempt.started_at,
  phase: attempt.phase,
  outcome: attempt.outcome,
  reply: replyView(attempt),
  error: attempt.error,
  connectMs: attempt.connect_ms,
  envelopeMs: attempt.envelope_ms,
  armMs: attempt.arm_ms,
  replyMs: attempt.reply_ms,
});

const replyView = (row: Pick<AttemptRow, 'reply_code' | 'reply_enhanced' | 'reply_text'>) =>
  row.reply_code === null ? null : { code: row.reply_code, enhanced: row.reply_enhanced, text: row.reply_text };

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;
