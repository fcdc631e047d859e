import { kafkaSettings, type PollerConfig, topicSettings } from '#config';
import { LANES } from '#domain';
import { TOPICS } from '#events';
import { createHttpApp, listen, OperationsModule, Readiness } from '#http';
import { type AppContext, Presence, type RunningApp } from '#lifecycle';
import { connectKafka, createKafkaPublisher, isKafkaUp } from '#messaging';
import { type Database, migrationsAreUp, openDatabase } from '#storage';
import { inTime } from './claim/in-time.js';
import { DueDeliveriesPoller } from './claim/due-deliveries.poller.js';
import { DutyLoops } from './duties/duty-loops.js';
import { ambiguousDuty } from './reconcile/ambiguous.duty.js';
import { cancelsDuty } from './reconcile/cancels.duty.js';
import { deferredDuty } from './reconcile/deferred.duty.js';
import { misfireDuty } from './reconcile/misfire.duty.js';
import { reclaimDuty } from './reconcile/reclaim.duty.js';
import { retentionDuty } from './reconcile/retention.duty.js';
import { sweepsDuty } from './reconcile/sweeps.duty.js';
import { topicsDuty } from './reconcile/topics.duty.js';
import { relayDuty } from './relay/relay.duty.js';
import { zonesDuty } from './zones/zones.duty.js';

const CONNECTIONS = 8;
/** Work orders must not outlive their grant; events may wait for the broker. */
const ORDER_RETRIES = 3;
const EVENT_RETRIES = 20;
/** Kafka may be away: then what is not told yet waits in the outbox for the next relay. */
const DUTIES_STOP_MS = 6_000;
/** Of a Node without time zones of its own: older than any. */
const NO_TZDATA = '0';
/** Told by whoever makes something due within the look-ahead. */
const DUE_CHANNEL = 'mailtide_due';

/** Starts the loops: claim each lane, relay the outbox, repair what crashes leave behind. */
export async function startPoller({ config, log, facts, registry }: AppContext<PollerConfig>): Promise<RunningApp> {
  const server = { url: config.DATABASE_URL, unsafe: config.UNSAFE_POSTGRES };
  const db: Database = await openDatabase(server, {
    application: 'mailtide poller',
    maxConnections: CONNECTIONS,
    plans: 'pinned',
    role: 'mt_worker',
    log,
  });
  const coldDb = await openDatabase(server, {
    application: 'mailtide poller cold',
    maxConnections: 1,
    plans: 'free',
    role: 'mt_worker',
    log,
  });
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
  const relay = relayDuty({ db, publisher: events, log, facts });
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
        onClaimed: expectEvents,
      }),
  );
  const wake = () => {
    lanes.forEach((lane) => lane.wake());
    expectEvents();
  };
  const retention = retentionDuty({ db: coldDb, days: config.RETENTION_DAYS, log });
  const repair = { db, log, facts, onReturned: wake };
  const duties = new DutyLoops({
    db,
    poller: presence.id,
    log,
    duties: [
      relay,
      reclaimDuty(repair),
      cancelsDuty(repair),
      sweepsDuty(repair),
      deferredDuty(repair),
      ambiguousDuty({ ...repair, silentSeconds: config.SILENT_SECONDS, holdSeconds: config.HOLD_SECONDS }),
      misfireDuty(repair),
      zonesDuty({ db, log, tzdata: process.versions.tz ?? NO_TZDATA }),
      topicsDuty({ db, connection, topics: TOPICS, settings: topicSettings(config), log }),
      retention,
    ],
  });
  /** Sleeping between looks is for when nothing happens. */
  function expectEvents(): void {
    if (relay.expect()) duties.wake('relay');
  }
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
  for (const part of [...lanes, duties]) part.start();
  return {
    stop: async () => {
      readiness.drain();
      retention.abort();
      await stopListening();
      const stopDuties = inTime(duties.stop(), DUTIES_STOP_MS).catch((error: unknown) =>
        log.warn({ err: error }, 'duties were left as they are'),
      );
      await Promise.all([stopDuties, ...lanes.map((lane) => lane.stop())]);
      await Promise.all([orders.stop(), events.stop()]);
      await app.close();
      await presence.leave();
      await Promise.all([db.stop(), coldDb.stop()]);
    },
  };
}
