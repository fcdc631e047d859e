import type { OpenAPIObject } from '@nestjs/swagger';
import { Callers, createHttpApp, Readiness } from '#http';
import type { Database } from '#storage';
import { createMetrics, type Logger } from '#telemetry';
import { schedulerDocument } from '../../apps/scheduler/src/documents/documents.js';
import { SchedulerModule } from '../../apps/scheduler/src/scheduler.module.js';
import { DefaultFrom } from '../../apps/scheduler/src/settings/default-from.js';

/** The calls that the scheduler answers, as its controllers describe them. Nothing listens, nothing is connected. */
export async function describeScheduler(db: Database, log: Logger): Promise<OpenAPIObject> {
  const { facts, registry } = createMetrics('scheduler');
  const address = 'no-reply@mailtide.test';
  const module = SchedulerModule.with({
    db,
    shared: db,
    pinned: db,
    facts,
    callers: new Callers(db, 'keys'),
    origins: [],
    defaultFrom: new DefaultFrom(db, { name: null, address, key: address }),
    wakeJobs: () => {},
    operations: { readiness: new Readiness({}), registry, metricsToken: undefined },
    compat: true,
  });
  const app = await createHttpApp(module, { log });
  const document = schedulerDocument(app);
  await app.close();
  return document;
}
