import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ApiKeyGuard, Callers, OperationsModule, type OperationsOptions, QueueStats, StatsController } from '#http';
import { Database } from '#storage';
import type { Facts } from '#telemetry';
import { BatchController } from './batch/batch.controller.js';
import { Batches } from './batch/batches.js';
import { BulkController } from './bulk/bulk.controller.js';
import { Bulk } from './bulk/bulk.js';
import { ScheduleController } from './compat/schedule.controller.js';
import { DeadLettersController } from './dead-letters/dead-letters.controller.js';
import { Redrive } from './dead-letters/redrive.js';
import { DeliveriesController } from './deliveries/deliveries.controller.js';
import { DeliveryActionsController } from './deliveries/delivery-actions.controller.js';
import { DeliveryRetryController } from './deliveries/delivery-retry.controller.js';
import { ExplainController } from './deliveries/explain.controller.js';
import { DocumentsController } from './documents/documents.controller.js';
import { Emails } from './emails/emails.js';
import { EmailActionsController } from './emails/email-actions.controller.js';
import { EmailsController } from './emails/emails.controller.js';
import { ChangeJob } from './jobs/change-job.js';
import { JOB_CORES } from './jobs/job-cores.js';
import { EventsController } from './events/events.controller.js';
import { JobsController } from './jobs/jobs.controller.js';
import { LimitsController } from './limits/limits.controller.js';
import { SuppressionsController } from './suppressions/suppressions.controller.js';
import { KeysController } from './keys/keys.controller.js';
import { MeController } from './keys/me.controller.js';
import { TicketsController } from './realtime/tickets.controller.js';
import type { DefaultFrom } from './settings/default-from.js';
import { SettingsController } from './settings/settings.controller.js';
import { Settings } from './settings/settings.js';
import { TimelineController } from './timeline/timeline.controller.js';

export interface SchedulerParts {
  readonly db: Database;
  /** Connections for what is done for many callers at once; they never wait behind the work of one. */
  readonly shared: Database;
  readonly facts: Facts;
  readonly callers: Callers;
  readonly origins: readonly string[];
  readonly defaultFrom: DefaultFrom;
  readonly operations: OperationsOptions;
  /** Tells whoever works on jobs that there is something to do. */
  readonly wakeJobs: () => void;
  /** Serve the aliases of older systems. */
  readonly compat: boolean;
}

/** The REST API: intent comes in. */
@Module({})
export class SchedulerModule {
  static with({
    db,
    shared,
    facts,
    callers,
    origins,
    defaultFrom,
    operations,
    wakeJobs,
    compat,
  }: SchedulerParts): DynamicModule {
    const emails = new Emails({ db, shared, facts, defaultFrom });
    return {
      module: SchedulerModule,
      imports: [OperationsModule.with(operations)],
      controllers: [
        BatchController,
        BulkController,
        EmailsController,
        EmailActionsController,
        JobsController,
        DeliveriesController,
        DeliveryActionsController,
        DeliveryRetryController,
        ExplainController,
        DeadLettersController,
        SuppressionsController,
        LimitsController,
        SettingsController,
        StatsController,
        TimelineController,
        EventsController,
        MeController,
        KeysController,
        TicketsController,
        DocumentsController,
        ...(compat ? [ScheduleController] : []),
      ],
      providers: [
        { provide: Database, useValue: db },
        { provide: Callers, useValue: callers },
        { provide: Emails, useValue: emails },
        { provide: QueueStats, useValue: new QueueStats(db) },
        { provide: Settings, useValue: new Settings(db, defaultFrom) },
        { provide: Batches, useValue: new Batches(emails.schedule, facts, wakeJobs) },
        { provide: Bulk, useValue: new Bulk(wakeJobs) },
        { provide: Redrive, useValue: new Redrive(wakeJobs) },
        { provide: ChangeJob, useValue: new ChangeJob({ ...JOB_CORES, wake: wakeJobs }) },
        { provide: APP_GUARD, useValue: new ApiKeyGuard(callers, origins) },
      ],
    };
  }
}
