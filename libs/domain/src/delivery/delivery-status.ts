/**
 * The one table of a delivery's states. Types, SQL checks, guarded updates, the diagram and the tests derive from it.
 *
 * - `scheduled`: waits for its time. Entered at creation, after a temporary failure, when a claim is released, by a retry.
 *   Left by a claim, or by cancel, expiry, suppression. A crash leaves it as it is.
 * - `queued`: a poller claimed it; an instruction is on its way and a sender may already be talking to a server.
 *   Still cancellable. A crash leaves a grant that runs out; the reconciler then returns it to `scheduled`.
 * - `sending`: armed. The server may accept it at any moment. A crash leaves it ambiguous, on record.
 * - `sent`: a server took responsibility for it (a 2yz reply to the final dot).
 * - `failed`: nobody accepted it and nobody will try again by itself.
 * - `unknown`: the reply to the final dot never came, and nobody will send it again by itself.
 * - `cancelled`, `expired`, `suppressed`: it was never armed again after that decision.
 */
export const MOVES = {
  scheduled: ['queued', 'failed', 'unknown', 'cancelled', 'expired', 'suppressed'],
  queued: ['sending', 'scheduled', 'failed', 'unknown', 'cancelled', 'expired', 'suppressed'],
  sending: ['sent', 'scheduled', 'failed', 'unknown'],
  sent: [],
  failed: ['scheduled'], // retry or redrive by a person, as a new epoch
  unknown: ['sent', 'failed', 'scheduled'], // late proof, or a person
  cancelled: [],
  expired: ['scheduled'], // retry by a person
  suppressed: [],
} as const;

export type DeliveryStatus = keyof typeof MOVES;
export type Next<S extends DeliveryStatus> = (typeof MOVES)[S][number];

export const DELIVERY_STATUSES = Object.keys(MOVES) as readonly DeliveryStatus[];

/** A job may complete when all its deliveries are in one of these. Its own list, because `failed` can be reopened. */
export const FINAL_STATUSES = ['sent', 'failed', 'unknown', 'cancelled', 'expired', 'suppressed'] as const;

/** Whether nothing will happen to the delivery by itself any more. */
export const isFinal = (status: DeliveryStatus): boolean => (FINAL_STATUSES as readonly string[]).includes(status);

/** Whether the state machine allows the move. The database refuses all others, too. */
export const canMove = (from: DeliveryStatus, to: DeliveryStatus): boolean =>
  (MOVES[from] as readonly DeliveryStatus[]).includes(to);

/** The states from which a status can be reached: what a guarded update names in its WHERE. */
export const statesBefore = (to: DeliveryStatus): DeliveryStatus[] =>
  DELIVERY_STATUSES.filter((from) => canMove(from, to));
