import { type Lane, LANES } from '#domain';
import { type Database, type EndedCopy, endExpired, endLate, FROM_THE_OLDEST, type LatePlace } from '#storage';
import type { Facts, Logger } from '#telemetry';
import type { Duty } from '../duties/duty.js';
import { noteLapsed } from './note-lapsed.js';

export interface MisfireParts {
  readonly db: Database;
  readonly log: Logger;
  readonly facts: Facts;
}

/** What has expired ends within a second of its instant. */
const PERIOD_MS = 1_000;
const ERROR_MS = 2_000;
const EXPIRED_AT_ONCE = { emails: 500, copies: 1_000 } as const;
/** Claims take nothing that is too late, so its end may be told a little later. */
const WALK_MS = 5_000;
/** Between two stretches, so that a long backlog costs others little. */
const STRETCH_MS = 20;
const STRETCH_ROWS = 1_000;

/**
 * Ends what came too late to be sent. Done twice it is done once: rows are locked and judged again where they are moved.
 * A walk over what is due goes stretch by stretch, for what is too late in a backlog may lie anywhere.
 */
export function misfireDuty({ db, log, facts }: MisfireParts): Duty {
  const places = new Map<Lane, LatePlace>();
  let expireAt = -Infinity;
  let walkAt = -Infinity;

  const note = (ended: readonly EndedCopy[]): void => noteLapsed(ended, { log, facts });
  const walk = async (lane: Lane, place: LatePlace): Promise<void> => {
    const { ended, next } = await endLate(db, lane, place, STRETCH_ROWS);
    note(ended);
    if (next) places.set(lane, next);
    else places.delete(lane);
  };

  return {
    name: 'misfire',
    pass: async () => {
      const now = performance.now();
      if (now >= expireAt) {
        const { emails, ended } = await endExpired(db, EXPIRED_AT_ONCE);
        note(ended);
        const isFull = emails === EXPIRED_AT_ONCE.emails || ended.length === EXPIRED_AT_ONCE.copies;
        expireAt = isFull ? now : now + PERIOD_MS;
      }
      if (now >= walkAt) {
        for (const lane of LANES) places.set(lane, FROM_THE_OLDEST);
        walkAt = now + WALK_MS;
      }
      for (const lane of LANES) {
        const place = places.get(lane);
        if (place) await walk(lane, place);
      }
      if (places.size === 0) return Math.max(0, Math.min(expireAt, walkAt) - performance.now());
      walkAt = Math.max(walkAt, performance.now() + WALK_MS); // a walk is finished before the next begins
      return STRETCH_MS;
    },
    onError: (error) => {
      log.error({ err: error }, 'late deliveries could not be ended; trying again');
      return ERROR_MS;
    },
  };
}
