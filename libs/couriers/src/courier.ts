import type { Outcome } from '#domain';

/** One delivery, composed and addressed. */
export interface OutgoingMessage {
  /** The envelope (RFC 5321), never taken from user text: bare addresses. */
  readonly envelope: { readonly from: string; readonly to: string };
  /** The whole message, CRLF line ends, not dot-stuffed, ending in CRLF. */
  readonly content: Buffer;
}

/**
 * Asked once per attempt, when the whole body but the final dot is on the wire.
 * `armed`: the message may be accepted from now on. `refused`: it must not be; nothing was counted.
 * `expired`: armed, but the permission came too late to be used (the sender's own lease is over); nothing may be released.
 */
export interface Gate {
  arm: () => Promise<'armed' | 'refused' | 'expired'>;
}

/** One attempt as it went: its end and its times. */
export interface Attempt {
  readonly outcome: Outcome;
  /** Whole milliseconds; null for what was not reached. A connection taken from the pool has connectMs 0. */
  readonly connectMs: number | null;
  readonly envelopeMs: number | null;
  readonly armMs: number | null;
  readonly replyMs: number | null;
  /** What was said, line by line: `> RCPT TO:<…>`, `< 451 4.3.0 …`. Empty when the message was accepted. */
  readonly conversation: readonly string[];
}

/** An adapter that performs one attempt. It answers every expected end as a value and throws only for bugs. */
export interface Courier {
  attempt: (message: OutgoingMessage, gate: Gate) => Promise<Attempt>;
  /**
   * Ends attempts in hand, because this process must end: those before the dot as `withheld`, and with `all` those that
   * wait for the reply to their dot as `unknown`.
   */
  abandon: (which: 'unarmed' | 'all') => void;
  /** Closes idle connections; attempts in hand go on. May be called twice. */
  stop: () => Promise<void>;
}
