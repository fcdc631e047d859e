import type { Reply } from '../reply/reply.js';

/**
 * How far an attempt had come. The only basis of the verdict: the error codes of SMTP libraries are the same on both
 * sides of the final dot (measured), so they are logged and never decide.
 */
export const PHASES = ['connecting', 'envelope', 'before_dot', 'dot_released', 'reply_received'] as const;
export type Phase = (typeof PHASES)[number];

/** How one attempt ended. Expected ends are values; a courier throws only for bugs. */
export type Outcome =
  | { readonly kind: 'accepted'; readonly phase: 'reply_received'; readonly reply: Reply }
  /** Known not accepted; may be tried again. */
  | { readonly kind: 'temporary'; readonly phase: Phase; readonly reply: Reply | null; readonly error: string | null }
  /** Known not accepted, and never will be. */
  | {
      readonly kind: 'permanent';
      readonly phase: Phase;
      readonly reply: Reply | null;
      readonly reason: PermanentReason;
      readonly error: string | null;
    }
  /** Known not accepted, and not the message's fault: our credentials or our sender were refused. */
  | {
      readonly kind: 'provider_fault';
      readonly phase: Phase;
      readonly reply: Reply | null;
      readonly error: string | null;
    }
  /** The dot is on the wire and its reply never came: nobody knows. */
  | { readonly kind: 'unknown'; readonly phase: 'dot_released'; readonly error: string }
  /** The gate said no: nothing was sent, no attempt is counted. */
  | { readonly kind: 'refused' }
  /** Armed, but the dot was never written: nothing was sent, no attempt is counted. */
  | { readonly kind: 'withheld'; readonly error: string };

export const PERMANENT_REASONS = [
  'bad_recipient',
  'policy_block',
  'content_refused',
  'smtp_permanent',
  'render_error',
] as const;
export type PermanentReason = (typeof PERMANENT_REASONS)[number];

/** Why a delivery ended as it did (interface 3.2). */
export const FINAL_REASONS = [
  ...PERMANENT_REASONS,
  'time_budget_spent',
  'attempts_exhausted',
  'no_provider',
  'missed',
  'expires_at_passed',
  'recipient_suppressed',
  'cancelled_by_user',
  'email_cancelled',
  'ambiguous',
  'resolved_by_user',
  'worker_lost',
] as const;
export type FinalReason = (typeof FINAL_REASONS)[number];

/** Failures that are put aside as dead letters: nobody said no for good, so a person may want to send them again. */
export const DEAD_LETTER_REASONS = [
  'time_budget_spent',
  'attempts_exhausted',
  'render_error',
  'no_provider',
  'worker_lost',
] as const satisfies readonly FinalReason[];

/** Whether a delivery that failed so becomes a dead letter. A 5yz refusal does not. */
export const isDeadLetter = (reason: string): boolean => (DEAD_LETTER_REASONS as readonly string[]).includes(reason);

/** Why a delivery in `scheduled` waits, where that is known beside it: shown by its explanation, no final reason. */
export const PROVIDER_DOWN = 'provider_down';
export const SLOW_RENDERING = 'slow_rendering';
