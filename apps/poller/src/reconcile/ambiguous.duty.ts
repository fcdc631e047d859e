import { publicId } from '#domain';
import { type AmbiguousDelivery, type Database, endHeld, findAmbiguous, listProcesses, settle } from '#storage';
import type { Facts, Logger } from '#telemetry';
import type { Duty } from '../duties/duty.js';
import { reapAmbiguous } from './reap-ambiguous.js';
import { resendAfterHold } from './resend-held.js';
import { Silence } from './silence.js';

export interface AmbiguousParts {
  readonly db: Database;
  readonly log: Logger;
  readonly facts: Facts;
  readonly silentSeconds: number;
  readonly holdSeconds: number;
  /** Told when deliveries went back to `scheduled`: they are due. */
  readonly onReturned: () => void;
}

const PERIOD_MS = 1_000;
const ERROR_MS = 2_000;
const AT_ONCE = 500;
/** Looking for armed deliveries walks everything claimed within a grant, so not every pass does, unless somebody new is gone. */
const LOOK_MS = 5_000;

/**
 * Armed deliveries whose sender is gone, and the end of their hold. Done twice it is done once: each move names the
 * status and the epoch that it was decided on.
 */
export function ambiguousDuty(parts: AmbiguousParts): Duty {
  const { db, log, holdSeconds } = parts;
  const silence = new Silence(parts.silentSeconds);
  let lookedFor = '';
  let lookAgainAt = -Infinity;
  return {
    name: 'ambiguous',
    pass: async () => {
      const owners = silence.read(await listProcesses(db, 'sender'));
      const gone = JSON.stringify(owners);
      if (gone === lookedFor && performance.now() < lookAgainAt) return PERIOD_MS;
      const ambiguous = await findAmbiguous(db, owners, AT_ONCE);
      await reap(parts, ambiguous);
      const ended = await afterHold(parts);
      lookedFor = gone;
      const mayBeMore = ambiguous.length + ended > 0;
      lookAgainAt = mayBeMore ? -Infinity : performance.now() + Math.min(LOOK_MS, holdSeconds * 250);
      return PERIOD_MS;
    },
    onError: (error) => {
      log.error({ err: error }, 'ambiguous deliveries could not be looked at; trying again');
      return ERROR_MS;
    },
  };
}

async function reap(
  { db, log, facts, holdSeconds }: AmbiguousParts,
  ambiguous: readonly AmbiguousDelivery[],
): Promise<void> {
  if (ambiguous.length === 0) return;
  await settle(
    db,
    ambiguous.map((delivery) => reapAmbiguous(delivery, holdSeconds)),
  );
  facts.deliveriesAmbiguous(ambiguous.length);
  for (const { id, attempt } of ambiguous)
    log.warn({ deliveryId: publicId('delivery', id), attempt }, 'delivery is ambiguous: its sender is gone');
}

/** What becomes of those whose hold is over: expired ones are parked, all others are sent once more. */
async function afterHold({ db, log, onReturned }: AmbiguousParts): Promise<number> {
  const parked = await endHeld(db, AT_ONCE);
  const again = await resendAfterHold(db);
  if (again > 0) {
    log.warn({ deliveries: again }, 'ambiguous deliveries are sent once more, marked as possible duplicates');
    onReturned();
  }
  return parked.length + again;
}
