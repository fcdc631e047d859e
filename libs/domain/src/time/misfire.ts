/** When a delivery was to be sent, and until when that still makes sense. */
export interface Timeliness {
  /** When it may be sent. Limits, pauses and retries move it: what they cost is not lateness. */
  readonly dueAt: Date;
  /** How much later it may still be sent, in whole seconds. */
  readonly graceSeconds: number;
  /** Absolute, whoever caused the delay; null: never too late. */
  readonly expiresAt: Date | null;
}

/** Why a delivery may not be sent any more. */
export type Lapse = 'expires_at_passed' | 'missed';

/**
 * Whether a delivery that nobody armed has become too late, and why; null: it may be sent. Grace counts in whole seconds:
 * with a grace of 0 it may be sent within the second of its time. The claim and the duty say the same in SQL.
 */
export function lapseOf({ dueAt, graceSeconds, expiresAt }: Timeliness, now: Date): Lapse | null {
  if (expiresAt !== null && now >= expiresAt) return 'expires_at_passed';
  return lateBySeconds(dueAt, now) > graceSeconds ? 'missed' : null;
}

const lateBySeconds = (dueAt: Date, now: Date): number => Math.floor((now.getTime() - dueAt.getTime()) / 1000);

/** What becomes of a lapsed delivery. `held` stays `scheduled` until a person decides. */
export type LapseEnd = 'expired' | 'held' | 'unknown';

/** What may have arrived never ends as expired: nobody knows. Only what was missed can be held, not what has expired. */
export function lapseEnd(
  lapse: Lapse,
  delivery: { readonly onMissed: 'expire' | 'hold'; readonly mayHaveArrived: boolean },
): LapseEnd {
  if (delivery.mayHaveArrived) return 'unknown';
  return lapse === 'missed' && delivery.onMissed === 'hold' ? 'held' : 'expired';
}
