import { type Database, findSweeps, sweepCampaign } from '#storage';
import type { Logger } from '#telemetry';
import type { Duty } from '../duties/duty.js';

const PERIOD_MS = 1_000;
const ERROR_MS = 2_000;
const AT_ONCE = 100;
/** Copies of one transaction. */
const CHUNK = 1_000;

/**
 * Ends the copies of cancelled campaigns, chunk by chunk: nobody can send them any more, and each has its event. Done twice
 * it is done once: whoever works on a campaign holds it.
 */
export const sweepsDuty = ({ db, log }: { readonly db: Database; readonly log: Logger }): Duty => ({
  name: 'sweeps',
  pass: async () => {
    let waitMs = PERIOD_MS;
    for (const campaign of await findSweeps(db, AT_ONCE)) {
      if ((await sweepCampaign(db, campaign, CHUNK)) === 'more') waitMs = 0;
    }
    return waitMs;
  },
  onError: (error) => {
    log.error({ err: error }, 'copies of cancelled campaigns could not be ended; trying again');
    return ERROR_MS;
  },
});
