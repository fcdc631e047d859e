import { authMode, type SchedulerConfig, secretKey, SetupError } from '#config';
import { RECIPIENT_TYPES } from '#content';
import { parseAddress } from '#domain';
import { Callers, createHttpApp, listen, Readiness, signCursorsWith } from '#http';
import { type AppContext, Presence, type RunningApp } from '#lifecycle';
import { Database, ensureKey, ensureTenant, migrationsAreUp, openDatabase } from '#storage';
import { bulkCores } from './bulk/bulk-cores.js';
import { bulkWork } from './bulk/bulk-work.js';
import { FanOut } from './campaigns/fan-out.js';
import { RepeatCampaigns } from './campaigns/repeat-campaigns.js';
import { serveDashboard } from './dashboard/serve-dashboard.js';
import { redriveWork } from './dead-letters/redrive-work.js';
import { serveDocuments } from './documents/documents.js';
import { EditEmail } from './emails/edit-email.js';
import { JobRunner } from './jobs/job-runner.js';
import { makeRecipients } from './load-tests/make-recipients.js';
import { SchedulerModule } from './scheduler.module.js';
import { DefaultFrom } from './settings/default-from.js';

const MIB = 1_048_576;
/** Attachments of 18 MiB as base64, and room for the texts. */
const EMAIL_BODY = 25 * MIB;
const BATCH_BODY = 10 * MIB;
const CONNECTIONS = 10;
/**
 * For what callers do together: accepting, looking up keys, who is calling. Each is a statement for many, so a few
 * connections carry any load; in one line with single cancels and edits a whole group would wait behind each of them.
 */
const SHARED_CONNECTIONS = 6;
/** For making copies: chunk behind chunk, and a cancel may wait for one. */
const FAN_OUT_CONNECTIONS = 2;
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
  signCursorsWith(secretKey(config));
  const installation = parseAddress(config.DEFAULT_FROM);
  if (installation.kind === 'bad')
    throw new SetupError(`DEFAULT_FROM: ${installation.detail}, for example Acme <mail@acme.example>`);
  const server = { url: config.DATABASE_URL, unsafe: config.UNSAFE_POSTGRES };
  const pool = { application: 'mailtide scheduler', plans: 'free', role: 'mt_api', log } as const;
  const db = await openDatabase(server, { ...pool, maxConnections: CONNECTIONS });
  const shared = await openDatabase(server, { ...pool, maxConnections: SHARED_CONNECTIONS });
  const growing = await openDatabase(server, { ...pool, plans: 'pinned', maxConnections: FAN_OUT_CONNECTIONS });
  const defaultFrom = new DefaultFrom(shared, installation.mailbox);
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
  const callers = new Callers(shared, mode, config.API_RATE);
  const jobs = new JobRunner({
    db,
    log,
    works: {
      bulk: bulkWork(bulkCores(new EditEmail(db, defaultFrom), (tenantId, tx) => defaultFrom.choices(tenantId, tx))),
      redrive: redriveWork,
    },
  });
  const fanOut = new FanOut({ db: growing, log, makeRecipients });
  const repeats = new RepeatCampaigns({ db, log });
  const app = await createHttpApp(
    SchedulerModule.with({
      db,
      shared,
      pinned: growing,
      facts,
      callers,
      origins,
      defaultFrom,
      operations: { readiness, registry, metricsToken: config.METRICS_TOKEN },
      wakeJobs: () => {
        repeats.wake();
        fanOut.wake();
        jobs.wake();
      },
      compat: config.COMPAT_ROUTES,
    }),
    {
      log,
      origins,
      callers,
      bodyLimits: {
        '/v1/emails': EMAIL_BODY,
        '/v1/emails/:id': EMAIL_BODY,
        '/v1/emails/plan': EMAIL_BODY,
        '/v1/emails/batch': BATCH_BODY,
        '/v1/campaigns': BATCH_BODY,
        '/v1/campaigns/plan': BATCH_BODY,
      },
      streams: { '/v1/campaigns/:id/recipients': RECIPIENT_TYPES },
    },
  );
  serveDocuments(app, { compat: config.COMPAT_ROUTES, gatewayUrl: config.GATEWAY_URL });
  await serveDashboard(app, { gatewayUrl: config.GATEWAY_URL, authMode: mode });
  await listen('SCHEDULER_PORT', config.SCHEDULER_PORT, () => app.listen(config.SCHEDULER_PORT, config.HOST));
  jobs.start();
  fanOut.start();
  repeats.start();
  return {
    stop: async () => {
      readiness.drain();
      await new Promise((resolve) => setTimeout(resolve, UNREADY_MS));
      await Promise.all([app.close(), jobs.stop(), fanOut.stop(), repeats.stop()]);
      await presence.leave();
      await Promise.all([db.stop(), shared.stop(), growing.stop()]);
    },
  };
}

/** The first tenant and its key, so that a new installation can be used at all. */
async function prepareCallers(db: Database, mode: 'dev' | 'keys', bootstrapKey: string | undefined): Promise<void> {
  const tenantId = mode === 'dev' ? await ensureTenant(db, 'dev') : undefined;
  if (bootstrapKey === undefined) return;
  const owner = tenantId ?? (await ensureTenant(db, 'default'));
  await ensureKey(db.of(owner), { secret: bootstrapKey, tenantId: owner, name: 'bootstrap', scopes: ['admin'] });
}
