import { authMode, type GatewayConfig, kafkaSettings, secretKey } from '#config';
import { emailSchedulingTopic, emailStatusTopic, jobProgressTopic } from '#events';
import { Callers, createHttpApp, DEV_TENANT, listen, QueueStats, Readiness, signCursorsWith } from '#http';
import { type AppContext, Presence, type RunningApp } from '#lifecycle';
import { BatchKafkaServer, connectKafka, isKafkaUp, type KafkaConnection } from '#messaging';
import { ensureTenant, migrationsAreUp, openDatabase, readPosition } from '#storage';
import { GatewayModule } from './gateway.module.js';
import { Arrivals } from './sandbox/arrivals.js';
import { Inbox } from './sandbox/inbox.js';
import { SandboxLedger } from './sandbox/sandbox-ledger.js';
import { SmtpIn } from './sandbox/smtp-in.js';
import { WaitForMessages } from './sandbox/wait-for-messages.js';
import { dropRevoked } from './status/drop-revoked.js';
import { Door } from './status/door.js';
import { Listeners } from './status/listeners.js';
import { OwnEvents } from './status/own-events.js';
import { Recognize } from './status/recognize.js';
import { Rooms } from './status/rooms.js';
import { SettledPosition } from './status/settled-position.js';
import { SocketAdapter } from './status/socket-adapter.js';
import { Subscribe } from './status/subscribe.js';
import { realTimers } from './status/timers.js';

const CONNECTIONS = 10;

export interface RunningGateway extends RunningApp {
  readonly httpPort: number;
  readonly smtpPort: number;
}

/** What is not answered with JSON. */
const OTHER_TYPES = {
  '/v1/sandbox/messages/:id/raw': ['message/rfc822'],
  '/v1/sandbox/messages/:id/attachments/:n': ['*/*'],
  '/v1/stream': ['text/event-stream'],
};

/** Builds the gateway and starts it: what needs no Kafka serves at once; done when the status of emails is listened to, too. */
export async function startGateway(context: AppContext<GatewayConfig>): Promise<RunningGateway> {
  const { config, log, facts, registry } = context;
  const mode = authMode(config);
  signCursorsWith(secretKey(config));
  const origins = config.CORS_ORIGINS ?? [config.PUBLIC_URL, config.GATEWAY_URL].map((url) => new URL(url).origin);

  // The plans of an inbox are those of a table that may be empty or huge, so they are pinned.
  const server = { url: config.DATABASE_URL, unsafe: config.UNSAFE_POSTGRES };
  const pool = { application: 'mailtide gateway', maxConnections: CONNECTIONS, plans: 'pinned', log } as const;
  const db = await openDatabase(server, { ...pool, role: 'mt_api' }); // answers callers
  const queue = await openDatabase(server, { ...pool, role: 'mt_worker' }); // takes in what is of all tenants
  const presence = await Presence.enter({
    db: queue,
    app: 'gateway',
    instance: config.INSTANCE_NAME,
    exclusive: config.INSTANCE_EXCLUSIVE,
    onError: (error) => log.warn({ err: error }, 'the beat was missed'),
  });

  const connection = connectKafka('mailtide-gateway', kafkaSettings(config), (level, text, details) =>
    log[level](details, text),
  );
  const consumer = consumeStatus(connection, config.INSTANCE_NAME);
  const readiness = new Readiness({
    postgres: () => db.isUp(),
    kafka: async () => consumer.isReady && (await isKafkaUp(connection)),
    migrations: () => migrationsAreUp(db),
  });

  const callers = new Callers(db, mode, config.API_RATE);
  const position = new SettledPosition((await readPosition(db)).position);
  const own = new OwnEvents(position);
  const listeners = new Listeners({
    facts,
    timers: realTimers,
    say: own.skipped,
    perKey: config.LISTENERS_PER_KEY,
  });
  const rooms = new Rooms((who, event) => listeners.tell(who, event), realTimers, own.skipped);
  const door = new Door(origins, mode);
  const queueStats = new QueueStats(db);
  const arrivals = new Arrivals();
  const module = GatewayModule.with({
    db,
    callers,
    origins,
    inbox: new Inbox(db),
    waitForMessages: new WaitForMessages(db, arrivals),
    door,
    listeners,
    own,
    recognize: new Recognize(callers, db),
    rooms,
    position,
    subscribe: new Subscribe({ db, queueStats, rooms, log }),
    queueStats,
    operations: { readiness, registry, metricsToken: config.METRICS_TOKEN },
  });
  const app = await createHttpApp(module, { log, origins, callers, otherTypes: OTHER_TYPES });
  app.useWebSocketAdapter(new SocketAdapter(app, door));
  app.connectMicroservice({ strategy: consumer });
  const smtpIn = new SmtpIn({
    callers,
    ledger: new SandboxLedger(queue),
    arrivals,
    facts,
    log,
    anonymousTenant: mode === 'dev' ? await ensureTenant(db, DEV_TENANT) : null,
  });
  const revoked = dropRevoked({ listeners, callers, db, log });

  await listen('GATEWAY_PORT', config.GATEWAY_PORT, () => app.listen(config.GATEWAY_PORT, config.HOST));
  await listen('SANDBOX_SMTP_PORT', config.SANDBOX_SMTP_PORT, () =>
    smtpIn.start(config.SANDBOX_SMTP_PORT, config.HOST),
  );
  revoked.start();
  // Last: Kafka may be away for long, and mail, the inbox and the health of this process need none of it.
  await app.startAllMicroservices();
  door.open();

  const stop = async (): Promise<void> => {
    readiness.drain();
    door.close();
    await smtpIn.stop();
    await consumer.close();
    await revoked.stop();
    listeners.close();
    arrivals.stop();
    await app.close();
    await presence.leave();
    await Promise.all([db.stop(), queue.stop()]);
  };
  const { port: httpPort } = new URL(await app.getUrl());
  return { stop: once(stop), httpPort: Number(httpPort), smtpPort: smtpIn.port };
}

/** In a group of its own per replica: every replica has sockets that wait for everything. */
const consumeStatus = (connection: KafkaConnection, instance: string): BatchKafkaServer =>
  new BatchKafkaServer({
    connection,
    group: `mailtide-gateway-${instance}`,
    topics: [emailSchedulingTopic, emailStatusTopic, jobProgressTopic],
    from: 'end',
    deadLetters: null,
  });

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}
