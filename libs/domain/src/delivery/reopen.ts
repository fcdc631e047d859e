import type { DeliveryStatus } from './delivery-status.js';

/** What decides whether a person may have a delivery sent again. */
export interface EndedDelivery {
  readonly status: DeliveryStatus;
  /** Its email was cancelled: nothing of it is ever sent. */
  readonly isCancelled: boolean;
  /** `expiresAt` has passed: absolute, whoever asks. */
  readonly hasExpired: boolean;
}

/** Why a delivery is not sent again. */
export type ReopenRefusal =
  | 'not_ended'
  | 'already_sent'
  | 'cancelled'
  | 'suppressed'
  | 'email_cancelled'
  | 'expires_at_passed'
  /** It may have arrived: only for who says that a second one is no harm. */
  | 'outcome_unknown';

const REFUSED: Readonly<Record<DeliveryStatus, ReopenRefusal | null>> = {
  scheduled: 'not_ended',
  queued: 'not_ended',
  sending: 'not_ended',
  sent: 'already_sent',
  cancelled: 'cancelled',
  suppressed: 'suppressed',
  unknown: null,
  failed: null,
  expired: null,
};

/**
 * Whether a delivery is sent again on a person's word; null: it is.
 * @param confirmUnknown a second copy is accepted where the first may have arrived
 */
export function reopenRefusal(
  { status, isCancelled, hasExpired }: EndedDelivery,
  confirmUnknown: boolean,
): ReopenRefusal | null {
  const refused = REFUSED[status];
  if (refused) return refused;
  if (isCancelled) return 'email_cancelled';
  if (hasExpired) return 'expires_at_passed';
  return status === 'unknown' && !confirmUnknown ? 'outcome_unknown' : null;
}
