import 'reflect-metadata';
import { Callers, createHttpApp, Readiness } from '#http';
import { Database } from '#storage';
import { createLog, createMetrics } from '#telemetry';
import type { OpenAPIObject } from '@nestjs/swagger';
import { splitDocument } from '../apps/scheduler/src/documents/split-document.js';
import { openApiDocument } from '../apps/scheduler/src/documents/documents.js';
import { SchedulerModule } from '../apps/scheduler/src/scheduler.module.js';
import { DefaultFrom } from '../apps/scheduler/src/settings/default-from.js';
import { lintOpenApi } from './gen/lint-open-api.js';
import { keepGenerated } from './gen/keep-generated.js';

/** `npm run gen:openapi`: the REST API as its controllers and schemas describe it. Nothing listens, nothing is connected. */
await keepGenerated('gen:openapi', async () => {
  const document = await schedulerDocument();
  const files = [
    { path: 'docs/api/openapi.json', text: JSON.stringify(splitDocument(document, 'v1')) },
    { path: 'docs/api/openapi.compat.json', text: JSON.stringify(splitDocument(document, 'compat')) },
  ];
  for (const { path, text } of files) await lintOpenApi(path, text);
  return files;
});

async function schedulerDocument(): Promise<OpenAPIObject> {
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
      defaultFrom: new DefaultFrom(db, {
        name: null,
        address: 'no-reply@mailtide.test',
        key: 'no-reply@mailtide.test',
      }),
      wakeJobs: () => {},
      operations: { readiness: new Readiness({}), registry, metricsToken: undefined },
      compat: true,
    }),
    { log: createLog({ app: 'openapi', level: 'error', pretty: false }) },
  );
  const document = openApiDocument(app);
  await app.close();
  await db.stop();
  return document;
}
