import 'reflect-metadata';
import { Callers, createHttpApp, Readiness } from '#http';
import { Database } from '#storage';
import { createLog, createMetrics } from '#telemetry';
import { openApiDocument } from '../apps/scheduler/src/documents/documents.js';
import { SchedulerModule } from '../apps/scheduler/src/scheduler.module.js';
import { keepGenerated } from './gen/keep-generated.js';

/** `npm run gen:openapi`: the REST API as its controllers and schemas describe it. Nothing listens, nothing is connected. */
await keepGenerated('gen:openapi', async () => [{ path: 'docs/api/openapi.json', text: await schedulerDocument() }]);

async function schedulerDocument(): Promise<string> {
  // A pool connects when it is first asked, and here nobody asks.
  const db = new Database({
    url: 'postgres://nobody@localhost/nothing',
    application: 'openapi',
    maxConnections: 1,
    plans: 'free',
    onIdleError: () => {},
  });
  const { facts, registry } = createMetrics('scheduler');
  const app = await createHttpApp(
    SchedulerModule.with({
      db,
      facts,
      callers: new Callers(db, 'keys'),
      origins: [],
      defaultFrom: { name: null, address: 'no-reply@mailtide.test', key: 'no-reply@mailtide.test' },
      operations: { readiness: new Readiness({}), registry, metricsToken: undefined },
      compat: true,
    }),
    { log: createLog({ app: 'openapi', level: 'error', pretty: false }) },
  );
  const document = openApiDocument(app);
  await app.close();
  await db.stop();
  return JSON.stringify(document);
}
