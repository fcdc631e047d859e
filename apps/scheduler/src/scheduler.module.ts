import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { Mailbox } from '#domain';
import { ApiKeyGuard, type Callers, OperationsModule, type OperationsOptions } from '#http';
import { Database } from '#storage';
import type { Facts } from '#telemetry';
import { ScheduleController } from './compat/schedule.controller.js';
import { DeliveriesController } from './deliveries/deliveries.controller.js';
import { Emails } from './emails/emails.js';
import { EmailsController } from './emails/emails.controller.js';
import { TimelineController } from './timeline/timeline.controller.js';

export interface SchedulerParts {
  readonly db: Database;
  readonly facts: Facts;
  readonly callers: Callers;
  readonly origins: readonly string[];
  readonly defaultFrom: Mailbox;
  readonly operations: OperationsOptions;
  /** Serve the aliases of older systems. */
  readonly compat: boolean;
}

/** The REST API: intent comes in. */
@Module({})
export class SchedulerModule {
  static with({ db, facts, callers, origins, defaultFrom, operations, compat }: SchedulerParts): DynamicModule {
    return {
      module: SchedulerModule,
      imports: [OperationsModule.with(operations)],
      controllers: [
        EmailsController,
        DeliveriesController,
        TimelineController,
        ...(compat ? [ScheduleController] : []),
      ],
      providers: [
        { provide: Database, useValue: db },
        { provide: Emails, useValue: new Emails(db, facts, defaultFrom) },
        { provide: APP_GUARD, useValue: new ApiKeyGuard(callers, origins) },
      ],
    };
  }
}
