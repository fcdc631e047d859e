import { setTimeout as pause } from 'node:timers/promises';
import { kafkaSettings, type PollerConfig, topicSettings } from '#config';
import { LANES } from '#domain';
import { TOPICS } from '#events';
import { createHttpApp, listen, OperationsModule, Readiness } from '#http';
import { type AppContext, Presence, type RunningApp } from '#lifecycle';
import { connectKafka, createKafkaPublisher, isKafkaUp } from '#messaging';
import { type Database, migrationsAreUp, openDatabase } from '#storage';
import { DueDeliveriesPoller } from './claim/due-deliveries.poller.js';
import { ReconcilePoller } from './reconcile/reconcile.poller.js';
import { OutboxPoller } from './relay/outbox.poller.js';
import { TopicKeeper } from './reconcile/topic-keeper.js';

const CONNECTIONS = 8;
/** Work orders must not outlive their grant; events may wait for the broker. */
const ORDER_RETRIES = 3;
const EVENT_RETRIES = 20;
const RELAY_STOP_MS = 10_000;
/** Told by whoever makes something due within the look-ahead. */
const DUE_CHANNEL = 'mailtide_due';

/** Starts the loops: claim each lane, relay the outbox, repair what crashes leave behind. */
export async function startPoller({ config, log, facts, registry }: AppContext<PollerConfig>): Promise<RunningApp> {
  const db: Database = await openDatabase(
    { url: config.DATABASE_URL, unsafe: config.UNSAFE_POSTGRES },
    { application: 'mailtide poller', maxConnections: CONNECTIONS, plans: 'pinned', log },
  );
  const presence = await Presence.enter({
    db,
    app: 'poller',
    instance: config.INSTANCE_NAME,
    exclusive: config.INSTANCE_EXCLUSIVE,
    onError: (error) => log.warn({ err: error }, 'the beat was missed'),
  });
  const connection = connectKafka(config.INSTANCE_NAME, kafkaSettings(config), (level, text, details) =>
    log[level](details, text),
  );
  const orders = createKafkaPublisher({ connection, retries: ORDER_RETRIES });
  const events = createKafkaPublisher({ connection, retries: EVENT_RETRIES });
  const topics = new TopicKeeper({ connection, topics: TOPICS, settings: topicSettings(config), log });
  const lanes = LANES.map(
    (lane) =>
      new DueDeliveriesPoller({
        lane,
        db,
        publisher: orders,
        poller: presence.id,
        batch: config.POLLER_BATCH,
        grantSeconds: config.GRANT_SECONDS,
        log,
        facts,
      }),
  );
  const wake = () => lanes.forEach((lane) => lane.wake());
  const relay = new OutboxPoller({ db, publisher: events, log, facts });
  const reconcile = new ReconcilePoller({
    db,
    log,
    facts,
    silentSeconds: config.SILENT_SECONDS,
    holdSeconds: config.HOLD_SECONDS,
    onReturned: wake,
  });
  const readiness = new Readiness({
    postgres: () => db.isUp(),
    kafka: () => isKafkaUp(connection),
    migrations: () => migrationsAreUp(db),
  });
  const app = await createHttpApp(OperationsModule.with({ readiness, registry, metricsToken: config.METRICS_TOKEN }), {
    log,
  });
  await listen('POLLER_PORT', config.POLLER_PORT, () => app.listen(config.POLLER_PORT, config.HOST));
  const stopListening = db.listen(DUE_CHANNEL, wake);
  for (const part of [topics, ...lanes, relay, reconcile]) part.start();
  return {
    stop: async () => {
      readiness.drain();
      await stopListening();
      await Promise.all([topics.stop(), reconcile.stop(), ...lanes.map((lane) => lane.stop())]);
      // Kafka may be away: then what is not told yet waits in the outbox for the next relay.
      await Promise.race([relay.stop(), pause(RELAY_STOP_MS, undefined, { ref: false })]);
      await Promise.all([orders.stop(), events.stop()]);
      await app.close();
      await presence.leave();
      await db.stop();
    },
  };
}
