import type { DeliveryStatus } from '../delivery/delivery-status.js';

/** A copy as the rules of changing an email see it. */
export interface CopyState {
  readonly status: DeliveryStatus;
  /** Armed, its end unknown, and waiting until it is sent once more. */
  readonly held: boolean;
  /** An earlier attempt was ambiguous, and it is being sent once more. */
  readonly resent: boolean;
}

/** Why an email can no longer be changed (interface 2.1, 409). */
export type TooLate = 'in_flight' | 'already_sent' | 'outcome_unknown' | 'already_finished';

export type ChangeDecision = { readonly kind: 'allowed' } | { readonly kind: 'too_late'; readonly code: TooLate };

const isUnarmed = ({ status }: CopyState): boolean => status === 'scheduled' || status === 'queued';

/** Whether a copy can still be cancelled, moved or rewritten: it is not armed, and no server can have accepted it before. */
export const isOpen = (copy: CopyState): boolean => isUnarmed(copy) && !copy.resent;

/** Whether nobody knows if a server has accepted a copy that would be sent once more: to say `cancelled` of it would be a lie. */
export const mayHaveArrived = (copy: CopyState): boolean => copy.held || (isUnarmed(copy) && copy.resent);

/**
 * Whether an edit may happen. Content and recipients bind all copies, so the first armed one closes them;
 * time binds each copy, so one open copy is enough.
 */
export function decideEdit(copies: readonly CopyState[], what: 'content' | 'time'): ChangeDecision {
  const open = copies.filter(isOpen);
  const left = copies.filter(({ status }) => status !== 'cancelled'); // an earlier edit may have taken a recipient out
  if (open.length > 0 && (what === 'time' || open.length === left.length)) return { kind: 'allowed' };
  return { kind: 'too_late', code: tooLate(copies) };
}

/** Whether a cancel may happen: while one copy is open, or again for an email that was cancelled before, at once or copy by copy. */
export function decideCancel(copies: readonly CopyState[], wasCancelled: boolean): ChangeDecision {
  const isCancelled = wasCancelled || copies.every(({ status }) => status === 'cancelled');
  if (isCancelled || copies.some(isOpen)) return { kind: 'allowed' };
  return { kind: 'too_late', code: tooLate(copies) };
}

/** The most telling reason: what may still happen before what has happened. */
function tooLate(copies: readonly CopyState[]): TooLate {
  if (copies.some(({ status, held }) => status === 'sending' && !held)) return 'in_flight';
  if (copies.some((copy) => copy.status === 'unknown' || mayHaveArrived(copy))) return 'outcome_unknown';
  if (copies.some(({ status }) => status === 'sent')) return 'already_sent';
  return 'already_finished';
}

/** What a cancel caught, from the states after it (interface 3.1). */
export interface Cancellation {
  readonly cancelled: number;
  readonly alreadySent: number;
  readonly inFlight: number;
  /** false: another `email.cancelled` follows when nothing is in flight any more. */
  readonly final: boolean;
}

export function cancellation(statuses: readonly DeliveryStatus[]): Cancellation {
  const count = (status: DeliveryStatus) => statuses.filter((one) => one === status).length;
  const inFlight = count('sending');
  return { cancelled: count('cancelled'), alreadySent: count('sent'), inFlight, final: inFlight === 0 };
}

/** What the cancel of an email with an audience caught: what still waits will never be sent. */
export function cancellationOf(counts: Readonly<Record<DeliveryStatus, number>>): Cancellation {
  const { scheduled, queued, sending, sent, cancelled } = counts;
  return { cancelled: cancelled + scheduled + queued, alreadySent: sent, inFlight: sending, final: sending === 0 };
}
