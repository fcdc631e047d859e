import { type Database, findLimitWalks, freeDeferred } from '#storage';
import type { Logger } from '#telemetry';
import type { Duty } from '../duties/duty.js';

const PERIOD_MS = 1_000;
const ERROR_MS = 2_000;
const AT_ONCE = 100;
/** Copies of one transaction. */
const CHUNK = 1_000;

/** Frees what waits because of a limit that was raised or removed, chunk by chunk: a claim looks at each of them again. */
export const deferredDuty = ({ db, log }: { readonly db: Database; readonly log: Logger }): Duty => ({
  name: 'deferred',
  pass: async () => {
    let waitMs = PERIOD_MS;
    for (const walk of await findLimitWalks(db, AT_ONCE)) {
      try {
        if ((await freeDeferred(db, walk, CHUNK)) === 'more') waitMs = 0;
      } catch (error) {
        const { tenantId, scope } = walk;
        const about = { err: error, tenantId, scope: scope.split(':')[0] }; // behind the colon may be an address
        log.error(about, 'copies that waited for a limit could not be freed; trying again'); // the others go on
      }
    }
    return waitMs;
  },
  onError: (error) => {
    log.error({ err: error }, 'limits that were changed cannot be found; trying again');
    return ERROR_MS;
  },
});
