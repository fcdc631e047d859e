import { explainDelivery, publicId, type Wait } from '#domain';
import type { WaitingRow } from '#storage';

/** Why a delivery has not been sent yet (interface 3.2). */
export function explanationView(row: WaitingRow) {
  const { nextEligibleAt, waitingFor } = explainDelivery(
    {
      status: row.status,
      eligibleAt: row.eligible_at,
      dueAt: row.due_at,
      holdUntil: row.hold_until,
      isPaused: row.paused,
      reason: row.reason,
    },
    row.now,
  );
  return {
    object: 'explanation' as const,
    deliveryId: publicId('delivery', row.id),
    status: row.status,
    dueAt: row.eligible_at.toISOString(),
    nextEligibleAt: nextEligibleAt?.toISOString() ?? null,
    waitingFor: waitingFor.map((wait) => waitView(row, wait)),
  };
}

export type ExplanationView = ReturnType<typeof explanationView>;

const waitView = (row: WaitingRow, { reason, until }: Wait) => ({
  reason,
  scope: scopeOf(row, reason),
  max: null,
  windowSeconds: null,
  used: null,
  until: until?.toISOString() ?? null,
});

function scopeOf({ email_id: emailId, provider_id: providerId }: WaitingRow, reason: Wait['reason']): string | null {
  if (reason === 'pause') return `email:${publicId('email', emailId)}`;
  if (reason === 'provider_down' && providerId) return `provider:${publicId('provider', providerId)}`;
  return null;
}
