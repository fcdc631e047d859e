import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ApiKeyGuard, Callers, OperationsModule, type OperationsOptions, QueueStats, StatsController } from '#http';
import { Database } from '#storage';
import type { Facts } from '#telemetry';
import { BatchController } from './batch/batch.controller.js';
import { Batches } from './batch/batches.js';
import { BulkController } from './bulk/bulk.controller.js';
import { Bulk } from './bulk/bulk.js';
import { CampaignActionsController } from './campaigns/campaign-actions.controller.js';
import { CampaignPartsController } from './campaigns/campaign-parts.controller.js';
import { RecipientsController } from './campaigns/recipients.controller.js';
import { Campaigns } from './campaigns/campaigns.js';
import { CampaignsController } from './campaigns/campaigns.controller.js';
import { SeedCampaignController } from './compat/campaign.controller.js';
import { ScheduleController } from './compat/schedule.controller.js';
import { SendEmailsController } from './compat/send-emails.controller.js';
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
import { JobActionsController } from './jobs/job-actions.controller.js';
import { JobsController } from './jobs/jobs.controller.js';
import { CreateLoadTest } from './load-tests/create-load-test.js';
import { LoadTestsController } from './load-tests/load-tests.controller.js';
import { LimitsController } from './limits/limits.controller.js';
import { PlanController } from './plan/plan.controller.js';
import { Plans } from './plan/plans.js';
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
  /** Connections with pinned plans, for rows that come by the thousand. */
  readonly pinned: Database;
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
    pinned,
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
        JobActionsController,
        CampaignsController,
        RecipientsController,
        CampaignActionsController,
        CampaignPartsController,
        LoadTestsController,
        DeliveriesController,
        DeliveryActionsController,
        DeliveryRetryController,
        ExplainController,
        DeadLettersController,
        SuppressionsController,
        LimitsController,
        PlanController,
        SettingsController,
        StatsController,
        TimelineController,
        EventsController,
        MeController,
        KeysController,
        TicketsController,
        DocumentsController,
        ...(compat ? [ScheduleController, SeedCampaignController, SendEmailsController] : []),
      ],
      providers: [
        { provide: Database, useValue: db },
        { provide: Callers, useValue: callers },
        { provide: Emails, useValue: emails },
        { provide: Plans, useValue: new Plans({ db, emails, defaultFrom }) },
        { provide: QueueStats, useValue: new QueueStats(db) },
        { provide: Settings, useValue: new Settings(db, defaultFrom) },
        { provide: Batches, useValue: new Batches(defaultFrom, facts, wakeJobs) },
        { provide: Bulk, useValue: new Bulk(wakeJobs) },
        { provide: Redrive, useValue: new Redrive(wakeJobs) },
        { provide: CreateLoadTest, useValue: new CreateLoadTest(defaultFrom, wakeJobs) },
        { provide: Campaigns, useValue: new Campaigns({ pinned, defaultFrom, wake: wakeJobs }) },
        { provide: ChangeJob, useValue: new ChangeJob({ ...JOB_CORES, wake: wakeJobs }) },
        { provide: APP_GUARD, useValue: new ApiKeyGuard(callers, origins) },
      ],
    };
  }
}
