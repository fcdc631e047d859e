import type { Outcome } from '#domain';

/** A provider's breaker, as all senders share it. Nothing goes through one that is not closed, but one probe at a time. */
export interface Breaker {
  readonly state: 'closed' | 'open' | 'half_open';
  /** How often in a row it opened: 0 when closed. */
  readonly opened: number;
  /** Until a probe may go; of a probe under way: until it counts as lost. 0 or less: now. */
  readonly leftSeconds: number;
}

/** A change of a breaker: what it becomes, and for how long. */
export interface BreakerMove {
  readonly state: Breaker['state'];
  readonly opened: number;
  readonly seconds: number;
}

export interface BreakerTimings {
  /** How long it stays open for the first time; then twice as long each time, up to the longest. */
  readonly openSeconds: number;
  readonly longestSeconds: number;
  /** After so long a probe without an answer is taken for lost. */
  readonly probeSeconds: number;
}

/** A provider that is well again is asked after a minute at most. */
export const DEFAULT_BREAKER_TIMINGS: BreakerTimings = { openSeconds: 30, longestSeconds: 60, probeSeconds: 60 };

export const CLOSED: Breaker = { state: 'closed', opened: 0, leftSeconds: 0 };

/** Faults in a row that open a breaker. One may be a bad sender's, or a server that was just restarted. */
export const FAULTS_TO_OPEN = 5;

/** What an attempt tells of its provider: `outage` leaves no doubt, `fault` may be chance, `well`: it answered us. */
export type Health = 'well' | 'fault' | 'outage';

export function healthOf(outcome: Outcome): Health {
  switch (outcome.kind) {
    case 'provider_fault':
      return outcome.phase === 'connecting' ? 'outage' : 'fault'; // nobody can log in, or this sender may not send
    case 'temporary':
      return outcome.reply === null ? 'fault' : 'well';
    case 'accepted':
    case 'permanent':
    case 'unknown':
    case 'refused':
    case 'withheld':
      return 'well';
  }
}

/** Whether an attempt may begin: it may, it may as the one probe, or it waits. */
export function admission({ state, leftSeconds }: Breaker): 'go' | 'probe' | 'wait' {
  if (state === 'closed') return 'go';
  return leftSeconds <= 0 ? 'probe' : 'wait';
}

/** The probe begins. */
export const probing = ({ opened }: Breaker, { probeSeconds }: BreakerTimings): BreakerMove => ({
  state: 'half_open',
  opened,
  seconds: probeSeconds,
});

/**
 * What an ended attempt does to the breaker; null: nothing.
 * @param faultsInRow this one included
 * @param isProbe an attempt that began before the breaker opened says nothing about now
 */
export function afterAttempt(
  breaker: Breaker,
  health: Health,
  { faultsInRow, isProbe }: { readonly faultsInRow: number; readonly isProbe: boolean },
  timings: BreakerTimings,
): BreakerMove | null {
  if (isProbe) return health === 'well' ? { state: 'closed', opened: 0, seconds: 0 } : opening(breaker, timings);
  if (breaker.state !== 'closed') return null;
  const opens = health === 'outage' || (health === 'fault' && faultsInRow >= FAULTS_TO_OPEN);
  return opens ? opening(breaker, timings) : null;
}

function opening({ opened }: Breaker, { openSeconds, longestSeconds }: BreakerTimings): BreakerMove {
  const seconds = Math.min(openSeconds * 2 ** Math.min(opened, 30), longestSeconds);
  return { state: 'open', opened: opened + 1, seconds };
}
