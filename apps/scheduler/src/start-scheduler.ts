import { authMode, type SchedulerConfig, SetupError } from '#config';
import { parseAddress } from '#domain';
import { Callers, createHttpApp, listen, Readiness } from '#http';
import { type AppContext, Presence, type RunningApp } from '#lifecycle';
import { Database, ensureKey, ensureTenant, migrationsAreUp, openDatabase } from '#storage';
import { serveDocuments } from './documents/documents.js';
import { SchedulerModule } from './scheduler.module.js';

const MIB = 1_048_576;
/** Two texts of 512 KiB, with every character escaped in JSON. */
const EMAIL_BODY = 6 * MIB;
const CONNECTIONS = 10;
/** Load balancers need a moment to see that we are not ready any more; on one machine there is none. */
const UNREADY_MS = 200;

/** Starts the REST API. It needs Postgres only: Kafka trouble is never a client's error. */
export async function startScheduler({
  config,
  log,
  facts,
  registry,
}: AppContext<SchedulerConfig>): Promise<RunningApp> {
  const mode = authMode(config);
  const defaultFrom = parseAddress(config.DEFAULT_FROM);
  if (defaultFrom.kind === 'bad')
    throw new SetupError(`DEFAULT_FROM: ${defaultFrom.detail}, for example Acme <mail@acme.example>`);
  const db = await openDatabase(
    { url: config.DATABASE_URL, unsafe: config.UNSAFE_POSTGRES },
    { application: 'mailtide scheduler', maxConnections: CONNECTIONS, plans: 'free', log },
  );
  await prepareCallers(db, mode, config.BOOTSTRAP_KEY);
  const presence = await Presence.enter({
    db,
    app: 'scheduler',
    instance: config.INSTANCE_NAME,
    exclusive: config.INSTANCE_EXCLUSIVE,
    onError: (error) => log.warn({ err: error }, 'the beat was missed'),
  });
  const readiness = new Readiness({ postgres: () => db.isUp(), migrations: () => migrationsAreUp(db) });
  const origins = config.CORS_ORIGINS ?? [config.PUBLIC_URL, config.GATEWAY_URL];
  const callers = new Callers(db, mode);
  const app = await createHttpApp(
    SchedulerModule.with({
      db,
      facts,
      callers,
      origins,
      defaultFrom: defaultFrom.mailbox,
      operations: { readiness, registry, metricsToken: config.METRICS_TOKEN },
      compat: config.COMPAT_ROUTES,
    }),
    { log, origins, callers, bodyLimits: { '/v1/emails': EMAIL_BODY } },
  );
  serveDocuments(app);
  await listen('SCHEDULER_PORT', config.SCHEDULER_PORT, () => app.listen(config.SCHEDULER_PORT, config.HOST));
  return {
    stop: async () => {
      readiness.drain();
      await new Promise((resolve) => setTimeout(resolve, UNREADY_MS));
      await app.close();
      await presence.leave();
      await db.stop();
    },
  };
}

/** The first tenant and its key, so that a new installation can be used at all. */
async function prepareCallers(db: Database, mode: 'dev' | 'keys', bootstrapKey: string | undefined): Promise<void> {
  const tenantId = mode === 'dev' ? await ensureTenant(db, 'dev') : undefined;
  if (bootstrapKey === undefined) return;
  const owner = tenantId ?? (await ensureTenant(db, 'default'));
  await ensureKey(db, { secret: bootstrapKey, tenantId: owner, name: 'bootstrap', scopes: ['admin'] });
}
