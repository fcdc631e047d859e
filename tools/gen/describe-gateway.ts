import type { OpenAPIObject } from '@nestjs/swagger';
import { Callers, createHttpApp, describeApp, QueueStats, Readiness } from '#http';
import type { Database } from '#storage';
import { createMetrics, type Logger } from '#telemetry';
import { GatewayModule } from '../../apps/gateway/src/gateway.module.js';
import { Arrivals } from '../../apps/gateway/src/sandbox/arrivals.js';
import { Inbox } from '../../apps/gateway/src/sandbox/inbox.js';
import { WaitForMessages } from '../../apps/gateway/src/sandbox/wait-for-messages.js';
import { Door } from '../../apps/gateway/src/status/door.js';
import { Listeners } from '../../apps/gateway/src/status/listeners.js';
import { OwnEvents } from '../../apps/gateway/src/status/own-events.js';
import { Recognize } from '../../apps/gateway/src/status/recognize.js';
import { Rooms } from '../../apps/gateway/src/status/rooms.js';
import { SettledPosition } from '../../apps/gateway/src/status/settled-position.js';
import { Subscribe } from '../../apps/gateway/src/status/subscribe.js';
import { realTimers } from '../../apps/gateway/src/status/timers.js';

/** The calls that the gateway answers, as its controllers describe them. Nothing listens, nothing is connected. */
export async function describeGateway(db: Database, log: Logger): Promise<OpenAPIObject> {
  const { facts, registry } = createMetrics('gateway');
  const callers = new Callers(db, 'keys');
  const position = new SettledPosition('0');
  const own = new OwnEvents(position);
  const rooms = new Rooms(() => {}, realTimers, own.skipped);
  const queueStats = new QueueStats(db);
  const module = GatewayModule.with({
    db,
    callers,
    origins: [],
    inbox: new Inbox(db),
    waitForMessages: new WaitForMessages(db, new Arrivals()),
    door: new Door([], 'keys'),
    listeners: new Listeners({ facts, timers: realTimers, say: own.skipped, perKey: 1 }),
    own,
    recognize: new Recognize(callers, db),
    rooms,
    position,
    subscribe: new Subscribe({ db, queueStats, rooms, log }),
    queueStats,
    operations: { readiness: new Readiness({}), registry, metricsToken: undefined },
  });
  const app = await createHttpApp(module, { log });
  const document = describeApp(app, GatewayModule);
  await app.close();
  return document;
}
