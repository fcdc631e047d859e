import { Loop } from '#lifecycle';
import type { KeyId, TenantId } from '#domain';
import type { Callers } from '#http';
import { type Database, findGoodKeys } from '#storage';
import type { Logger } from '#telemetry';
import type { Listener } from './listener.js';
import type { Listeners } from './listeners.js';

/** Together with the memory of `Callers` (4 s), a revoked key is dead within 5 s. */
const LOOK_MS = 1_000;
/** Those who came with a ticket are looked up in the database itself, which is not asked so often. */
const LOOK_UP_MS = 4_000;

interface RevocationParts {
  readonly listeners: Listeners;
  readonly callers: Callers;
  readonly db: Database;
  readonly log: Logger;
}

/** Ends the sockets and streams whose key is good no more. */
export function dropRevoked({ listeners, callers, db, log }: RevocationParts): Loop {
  let lookedUpAt = -Infinity;
  const pass = async () => {
    const all = [...listeners];
    await dropKeys(all, callers);
    if (performance.now() - lookedUpAt >= LOOK_UP_MS) {
      lookedUpAt = performance.now();
      await dropTickets(all, db);
    }
    return LOOK_MS;
  };
  const onError = (error: unknown) => {
    log.warn({ err: error }, 'keys of sockets could not be looked at; trying again');
    return LOOK_MS;
  };
  return new Loop({ pass, onError });
}

async function dropKeys(all: readonly Listener[], callers: Callers): Promise<void> {
  const good = new Map<string, boolean>();
  for (const { bearer, wire } of all) {
    if (bearer.key === undefined) continue;
    const isGood = good.get(bearer.key) ?? (await callers.find(bearer.key)) !== undefined;
    good.set(bearer.key, isGood);
    if (!isGood) wire.end();
  }
}

async function dropTickets(all: readonly Listener[], db: Database): Promise<void> {
  const byTenant = new Map<TenantId, Map<KeyId, Listener[]>>();
  for (const listener of all) {
    const { topics, caller } = listener.bearer;
    if (topics === null || caller.keyId === null) continue;
    const ofTenant = byTenant.get(caller.tenantId) ?? new Map<KeyId, Listener[]>();
    ofTenant.set(caller.keyId, [...(ofTenant.get(caller.keyId) ?? []), listener]);
    byTenant.set(caller.tenantId, ofTenant);
  }
  for (const [tenantId, byKey] of byTenant) {
    const good = await findGoodKeys(db.of(tenantId), tenantId, [...byKey.keys()]);
    for (const [key, listeners] of byKey) {
      if (!good.has(key)) for (const { wire } of listeners) wire.end();
    }
  }
}
