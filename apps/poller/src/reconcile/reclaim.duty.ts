import { type Database, forgetTakes, reclaim } from '#storage';
import type { Facts, Logger } from '#telemetry';
import type { Duty } from '../duties/duty.js';
import { DeadSenders } from './dead-senders.js';

export interface ReclaimParts {
  readonly db: Database;
  readonly log: Logger;
  readonly facts: Facts;
  /** Told when deliveries went back to `scheduled`: they may be due. */
  readonly onReturned: () => void;
}

const PERIOD_MS = 1_000;
const ERROR_MS = 2_000;
const CLAIMS_AT_ONCE = 50;
/** What a sender began to work on longer ago than this is armed, settled, or no fault of its sender. */
const TAKES_SECONDS = 300;
const FORGET_MS = 10_000;

/** Takes back what was claimed and lost. Done twice it is done once: each row goes back under the epoch and the grant it has. */
export function reclaimDuty({ db, log, facts, onReturned }: ReclaimParts): Duty {
  const deadSenders = new DeadSenders(db);
  let forgetAt = -Infinity;
  return {
    name: 'reclaim',
    pass: async () => {
      // This only saves time, so it never keeps the reclaim from its work.
      await deadSenders
        .forfeit()
        .catch((error: unknown) =>
          log.warn({ err: error }, 'what dead senders had in hand was not freed; its grants run out'),
        );
      const lost = await reclaim(db, CLAIMS_AT_ONCE);
      facts.claimsReclaimed(lost.length);
      if (lost.length > 0) {
        log.warn({ deliveries: lost.length }, 'claims were lost with their process; reclaimed');
        onReturned();
      }
      if (performance.now() >= forgetAt) {
        await forgetTakes(db, TAKES_SECONDS);
        forgetAt = performance.now() + FORGET_MS;
      }
      return PERIOD_MS;
    },
    onError: (error) => {
      log.error({ err: error }, 'lost claims could not be taken back; trying again');
      return ERROR_MS;
    },
  };
}
