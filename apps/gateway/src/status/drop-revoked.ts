import { Loop } from '#lifecycle';
import type { Callers } from '#http';
import type { Logger } from '#telemetry';
import type { LiveRoomsOf } from './live-rooms.js';

/** Together with the memory of `Callers` (4 s), a revoked key is dead within 5 s. */
const LOOK_MS = 1_000;

/** Ends the sockets whose key is good no more. */
export function dropRevoked(live: LiveRoomsOf, callers: Callers, log: Logger): Loop {
  const pass = async () => {
    const sockets = [...live.sockets].filter(({ data }) => data.key !== undefined);
    const keys = [...new Set(sockets.map(({ data }) => data.key))];
    const good = new Set<string | undefined>();
    for (const key of keys) if (await callers.find(key)) good.add(key);
    for (const socket of sockets) if (!good.has(socket.data.key)) socket.disconnect(true);
    return LOOK_MS;
  };
  const onError = (error: unknown) => {
    log.warn({ err: error }, 'keys of sockets could not be looked at; trying again');
    return LOOK_MS;
  };
  return new Loop({ pass, onError });
}
