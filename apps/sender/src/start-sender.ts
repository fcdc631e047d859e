import { kafkaSettings, type SenderConfig, SetupError } from '#config';
import { DEFAULT_BREAKER_TIMINGS } from '#couriers';
import { LANES } from '#domain';
import { emailDeliveryTopics } from '#events';
import { createHttpApp, listen, Readiness } from '#http';
import { type AppContext, Presence, type RunningApp } from '#lifecycle';
import { BatchKafkaServer, connectKafka, createKafkaPublisher, isKafkaUp } from '#messaging';
import { ConsumerProgressNotes, loadAttachments, migrationsAreUp, openDatabase, releaseClaims } from '#storage';
import { Backlog } from './backlog.js';
import { DeliveryQueue } from './delivery-queue.js';
import { Armer } from './gate/armer.js';
import { Intake } from './intake.js';
import { keepPoison } from './keep-poison.js';
import { ProviderBreakers } from './provider-breakers.js';
import { Providers, type ProviderSettings } from './providers.js';
import { MessageRenderer } from './render-message.js';
import { SendDelivery } from './send-delivery.js';
import { SenderApp } from './sender.app.js';
import { SenderModule } from './sender.module.js';
import { Settler } from './settle/settler.js';

const CONNECTIONS = 8;
const DEAD_LETTER_RETRIES = 20;

/** Starts the sender: one consumer a lane, so that bulk cannot block transactional, and the workers behind them. */
export async function startSender({ config, log, facts, registry }: AppContext<SenderConfig>): Promise<RunningApp> {
  const providers = openProviders(config);
  const db = await openDatabase(
    { url: config.DATABASE_URL, unsafe: config.UNSAFE_POSTGRES },
    { application: 'mailtide sender', maxConnections: CONNECTIONS, plans: 'pinned', role: 'mt_worker', log },
  );
  const presence = await Presence.enter({
    db,
    app: 'sender',
    instance: config.INSTANCE_NAME,
    exclusive: config.INSTANCE_EXCLUSIVE,
    onError: (error) => log.warn({ err: error }, 'the beat was missed'),
  });
  const connection = connectKafka(config.INSTANCE_NAME, kafkaSettings(config), (level, text, details) =>
    log[level](details, text),
  );
  const deadLetters = createKafkaPublisher({ connection, retries: DEAD_LETTER_RETRIES });
  const queue = new DeliveryQueue(config.SENDER_CONCURRENCY);
  const breakers = new ProviderBreakers({
    db,
    providers: providers.ids,
    timings: { ...DEFAULT_BREAKER_TIMINGS, openSeconds: config.BREAKER_SECONDS },
    log,
    facts,
  });
  const backlog = new Backlog(db, presence.id, new Intake({ db, queue, providers, breakers, log, facts }), log);
  const sendDelivery = new SendDelivery({
    providers,
    renderer: new MessageRenderer(({ tenantId, emailId, contentVersion }) =>
      loadAttachments(db, { tenantId, id: emailId, contentVersion }),
    ),
    armer: new Armer(db, presence.id, facts),
    settler: new Settler(db, log, facts),
    breakers,
    giveBack: (delivery) =>
      releaseClaims(db, [delivery]).catch((error: unknown) =>
        log.warn({ err: error }, 'a claim could not be given back; its grant will run out'),
      ),
    timings: { holdSeconds: config.HOLD_SECONDS, retryDelaysSeconds: config.RETRY_SECONDS },
    log,
    facts,
  });
  const sender = new SenderApp({
    db,
    backlog,
    queue,
    sendDelivery,
    abandon: (which) => providers.abandon(which),
    workers: config.SENDER_CONCURRENCY,
    grantSeconds: config.GRANT_SECONDS,
    log,
  });
  const progress = new ConsumerProgressNotes(db, presence.id);
  const consumers = LANES.map(
    (lane) =>
      new BatchKafkaServer({
        connection,
        group: `mailtide-sender-${lane}`,
        topics: [emailDeliveryTopics[lane]],
        from: 'beginning',
        deadLetters: { publisher: deadLetters, keep: keepPoison(db, log, facts, 'sender') },
        progress,
      }),
  );
  const readiness = new Readiness({
    postgres: () => db.isUp(),
    kafka: async () => consumers.every((consumer) => consumer.isReady) && (await isKafkaUp(connection)),
    migrations: () => migrationsAreUp(db),
  });
  const operations = { readiness, registry, metricsToken: config.METRICS_TOKEN };
  const app = await createHttpApp(SenderModule.with({ backlog, operations }), { log });
  for (const strategy of consumers) app.connectMicroservice({ strategy });
  sender.start();
  await listen('SENDER_PORT', config.SENDER_PORT, () => app.listen(config.SENDER_PORT, config.HOST));
  await app.startAllMicroservices();
  return {
    stop: async () => {
      readiness.drain();
      await Promise.all([sender.stop(), ...consumers.map((consumer) => consumer.close())]);
      await Promise.all([providers.stop(), deadLetters.stop()]);
      await app.close();
      await presence.leave();
      await db.stop();
    },
  };
}

function openProviders(config: SenderConfig): Providers {
  const settings: ProviderSettings = {
    sandbox: { host: config.SANDBOX_SMTP_HOST, port: config.SANDBOX_SMTP_PORT },
    smtpUrl: config.SMTP_URL ?? null,
    maxConnections: config.SENDER_CONCURRENCY,
    ehloName: config.EHLO_NAME,
  };
  try {
    return new Providers(settings);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'is not readable';
    throw new SetupError(`SMTP_URL: ${why}, for example smtp://user:password@smtp.example.com:587`);
  }
}
