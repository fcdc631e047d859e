import type { UnknownPolicy } from '../email/email-class.js';
import type { Reply } from '../reply/reply.js';
import type { FinalReason, Outcome } from './outcome.js';
import { decideRetry, RETRY_DELAYS_SECONDS } from './retry-schedule.js';

/** What the rules need to know of a delivery to decide on the end of an attempt. */
export interface SettleFacts {
  /** This attempt included. */
  readonly attempt: number;
  readonly budgetLeftSeconds: number;
  readonly onUnknown: UnknownPolicy;
  /** How often an ambiguous attempt of this delivery was repeated by us. */
  readonly resends: number;
  /** Until the provider may be tried again; null: there is no provider. */
  readonly providerBackSeconds: number | null;
}

/** Where an ended attempt takes its delivery. */
export type Settlement =
  | { readonly kind: 'sent'; readonly reply: Reply }
  | {
      readonly kind: 'retry';
      readonly delaySeconds: number;
      readonly reply: Reply | null;
      readonly error: string | null;
    }
  | {
      readonly kind: 'failed';
      readonly reason: FinalReason;
      readonly reply: Reply | null;
      readonly error: string | null;
    }
  /** Stays `sending` on record as ambiguous; sent once more when the hold is over. */
  | { readonly kind: 'held'; readonly holdSeconds: number; readonly error: string }
  | { readonly kind: 'unknown'; readonly reply: Reply | null; readonly error: string }
  /** Back to `scheduled`, due in a moment: nothing was sent and no attempt is counted. */
  | { readonly kind: 'given_back'; readonly delaySeconds: number; readonly error: string }
  /** Back to `scheduled` until its provider may be well again: the fault was not its own, so no attempt is counted. */
  | {
      readonly kind: 'parked';
      readonly delaySeconds: number;
      readonly reply: Reply | null;
      readonly error: string | null;
    }
  /** Somebody else moved it: nothing to record. */
  | { readonly kind: 'nothing' };

/** How long things wait; an installation may choose. */
export interface SettleTimings {
  /** Until an ambiguous delivery is sent again, if its email wants that (semantics 3). */
  readonly holdSeconds: number;
  /** After the first, second ... temporary failure; the last one repeats. */
  readonly retryDelaysSeconds: readonly number[];
}

export const DEFAULT_TIMINGS: SettleTimings = { holdSeconds: 600, retryDelaysSeconds: RETRY_DELAYS_SECONDS };

/**
 * The one place that decides whether to retry. Pure: the same facts give the same end. What was sent once more after an
 * attempt of unknown end may have arrived then: it never ends as `failed` (decision 9).
 */
export function decideSettlement(
  outcome: Outcome,
  facts: SettleFacts,
  random: number,
  timings: SettleTimings = DEFAULT_TIMINGS,
): Settlement {
  const settlement = decideAlone(outcome, facts, random, timings);
  if (settlement.kind !== 'failed' || facts.resends === 0) return settlement;
  const { reply, error, reason } = settlement;
  return { kind: 'unknown', reply, error: error ?? `the second attempt: ${reason}` };
}

function decideAlone(outcome: Outcome, facts: SettleFacts, random: number, timings: SettleTimings): Settlement {
  switch (outcome.kind) {
    case 'accepted':
      return { kind: 'sent', reply: outcome.reply };
    case 'temporary': {
      const { reply, error } = outcome;
      const decision = decideRetry(facts.attempt, facts.budgetLeftSeconds, random, timings.retryDelaysSeconds);
      if (decision.kind === 'spent') return { kind: 'failed', reason: decision.reason, reply, error };
      return { kind: 'retry', delaySeconds: decision.delaySeconds, reply, error };
    }
    case 'provider_fault':
      return decideParked(facts, outcome, random);
    case 'permanent':
      return { kind: 'failed', reason: outcome.reason, reply: outcome.reply, error: outcome.error };
    case 'unknown':
      return decideAmbiguous(facts, outcome.error, timings.holdSeconds);
    case 'withheld':
      return decideWithheld(facts, outcome.error);
    case 'refused':
      return { kind: 'nothing' };
  }
}

/** With no provider at all somebody has to configure one: it is looked for again so often. */
export const NO_PROVIDER_SECONDS = 300;

/** What is not its own fault costs a delivery no attempt, but its time does not stand still. */
function decideParked(
  { budgetLeftSeconds, providerBackSeconds }: SettleFacts,
  { reply, error }: Pick<Extract<Outcome, { kind: 'provider_fault' }>, 'reply' | 'error'>,
  random: number,
): Settlement {
  if (budgetLeftSeconds <= 0) {
    return { kind: 'failed', reason: providerBackSeconds === null ? 'no_provider' : 'time_budget_spent', reply, error };
  }
  const delaySeconds = parkSeconds(providerBackSeconds ?? NO_PROVIDER_SECONDS, random);
  // The end of its time is looked at once, not passed by.
  return { kind: 'parked', delaySeconds: Math.min(delaySeconds, budgetLeftSeconds), reply, error };
}

/**
 * How long to wait for a provider that may be back in `backSeconds`: up to half as long again, so that not all that
 * waited comes at the same instant; up to `spread` times as much longer where it may.
 */
export const parkSeconds = (backSeconds: number, random: number, spread = 0.5): number =>
  Math.round(Math.max(backSeconds, 1) * (1 + random * spread) * 1000) / 1000;

/** Long enough that a server which breaks every connection before the dot is not asked in a hot loop. */
const GIVE_BACK_SECONDS = 1;

/** Armed for nothing: given back without counting, while there is time. */
function decideWithheld({ budgetLeftSeconds }: SettleFacts, error: string): Settlement {
  if (budgetLeftSeconds <= 0) return { kind: 'failed', reason: 'time_budget_spent', reply: null, error };
  return { kind: 'given_back', delaySeconds: GIVE_BACK_SECONDS, error };
}

/** An attempt of which nobody knows the end: repeat it once if the email wants that, else leave it to a person. */
export function decideAmbiguous(
  facts: Pick<SettleFacts, 'onUnknown' | 'resends'>,
  error: string,
  holdSeconds: number = DEFAULT_TIMINGS.holdSeconds,
): Settlement {
  if (facts.onUnknown === 'at_least_once' && facts.resends === 0) return { kind: 'held', holdSeconds, error };
  return { kind: 'unknown', reply: null, error };
}
