import type { Database } from '#storage';
import type { Logger } from '#telemetry';
import type { Duty } from '../duties/duty.js';
import { finishCancels } from './finish-cancels.js';

const PERIOD_MS = 1_000;
const ERROR_MS = 2_000;

/** Ends cancels that had caught copies in flight. Done twice it is done once: it locks the copies and looks again. */
export const cancelsDuty = ({ db, log }: { readonly db: Database; readonly log: Logger }): Duty => ({
  name: 'cancels',
  pass: async () => {
    await finishCancels(db);
    return PERIOD_MS;
  },
  onError: (error) => {
    log.error({ err: error }, 'cancels could not be finished; trying again');
    return ERROR_MS;
  },
});
