import { explainDelivery, formatScope, publicId, type TurnAt, type Wait } from '#domain';
import type { WaitingRow } from '#storage';

/** Why a delivery has not been sent yet (interface 3.2). @param turnAt what limits, pacing and windows say of it */
export function explanationView(row: WaitingRow, turnAt: TurnAt | undefined) {
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
    turnAt,
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

const waitView = (row: WaitingRow, { reason, until, limit }: Wait) => ({
  reason,
  scope: limit ? formatScope(limit.scope) : scopeOf(row, reason),
  max: limit?.max ?? null,
  windowSeconds: limit?.windowSeconds ?? null,
  used: limit?.used ?? null,
  until: until?.toISOString() ?? null,
});

function scopeOf(row: WaitingRow, reason: Wait['reason']): string | null {
  const { email_id: emailId, kind, provider_id: providerId } = row;
  const email =
    kind === 'campaign' ? `campaign:${publicId('campaign', emailId)}` : `email:${publicId('email', emailId)}`;
  if (reason === 'pause' || reason === 'window' || reason === 'delay' || reason === 'slow_rendering') return email;
  if (reason === 'provider_down' && providerId) return `provider:${publicId('provider', providerId)}`;
  return null;
}
