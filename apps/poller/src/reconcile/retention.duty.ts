import { setTimeout as pause } from 'node:timers/promises';
import { type Database, forgetOld } from '#storage';
import type { Logger } from '#telemetry';
import type { Duty } from '../duties/duty.js';

export interface RetentionParts {
  /** A pool that plans freely: what is old is found by other ways than what is due. */
  readonly db: Database;
  readonly days: number;
  readonly log: Logger;
}

/** A duty that can be told to leave off in the middle. */
export interface RetentionDuty extends Duty {
  readonly abort: () => void;
}

const PERIOD_MS = 3_600_000;
const ERROR_MS = 60_000;
/** Not among the first things that a poller does: it has mail to send. */
const FIRST_MS = 60_000;
const LIMITS = { emails: 500, rows: 2_000 } as const;
/** After each statement, which takes some 75 ms: mail comes first, and more is forgotten in an hour than is sent. */
const BREATH_MS = 25;

/** Forgets what ended long ago. Done twice it is done once: what is gone is gone. */
export function retentionDuty({ db, days, log }: RetentionParts): RetentionDuty {
  const stop = new AbortController();
  let isFirst = true;
  return {
    name: 'retention',
    abort: () => stop.abort(),
    pass: async () => {
      if (isFirst) {
        isFirst = false;
        return FIRST_MS;
      }
      const breathe = () => pause(BREATH_MS, undefined, { signal: stop.signal });
      const gone = await forgetOld(db, { days, limits: LIMITS, breathe });
      if (gone > 0) log.info({ rows: gone, days }, 'forgot what ended long ago');
      return PERIOD_MS;
    },
    onError: (error) => {
      if (!stop.signal.aborted) log.error({ err: error }, 'what is old could not be forgotten; trying again');
      return ERROR_MS;
    },
  };
}
