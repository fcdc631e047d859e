import type { TenantId } from '#domain';
import { type Database, findZoneWalks, noteTzdata } from '#storage';
import type { Logger } from '#telemetry';
import type { Duty } from '../duties/duty.js';
import { type Walked, walkWishes } from './walk-wishes.js';

export interface ZonesParts {
  readonly db: Database;
  readonly log: Logger;
  /** The version of tzdata that this process knows, `2026a`. */
  readonly tzdata: string;
}

const PERIOD_MS = 1_000;
const ERROR_MS = 2_000;
const TENANTS_AT_ONCE = 20;

/**
 * Looks at local times anew whose clocks have changed: all of them when this process knows newer time zones than anybody
 * before, and those of a tenant who has moved to another. Done twice it is done once: what is right already stays.
 */
export function zonesDuty({ db, log, tzdata }: ZonesParts): Duty {
  let isNoted = false;
  const walk = async (tenantId: TenantId): Promise<Walked> => {
    try {
      return await walkWishes(db, tenantId);
    } catch (error) {
      log.error({ err: error, tenantId }, 'local times of a tenant could not be looked at anew; trying again');
      return { isOver: true, moved: 0 }; // the others go on; it is found again with the next pass
    }
  };
  return {
    name: 'zones',
    pass: async () => {
      if (!isNoted && (await noteTzdata(db, tzdata)))
        log.info({ tzdata }, 'newer time zones: looking at local times anew');
      isNoted = true;
      let waitMs = PERIOD_MS;
      for (const tenantId of await findZoneWalks(db, TENANTS_AT_ONCE)) {
        const { isOver, moved } = await walk(tenantId);
        if (moved > 0) log.info({ tenantId, moved }, 'local times come at other instants than before');
        if (!isOver) waitMs = 0;
      }
      return waitMs;
    },
    onError: (error) => {
      log.error({ err: error }, 'local times could not be looked at anew; trying again');
      return ERROR_MS;
    },
  };
}
