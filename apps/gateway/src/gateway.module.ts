import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ApiKeyGuard, Callers, OperationsModule, type OperationsOptions, QueueStats, StatsController } from '#http';
import { Database } from '#storage';
import { InboxController } from './sandbox/inbox.controller.js';
import { Inbox } from './sandbox/inbox.js';
import { WaitForMessages } from './sandbox/wait-for-messages.js';
import { Door } from './status/door.js';
import { Listeners } from './status/listeners.js';
import { OwnEvents } from './status/own-events.js';
import { Recognize } from './status/recognize.js';
import { Rooms } from './status/rooms.js';
import { SettledPosition } from './status/settled-position.js';
import { StatusConsumer } from './status/status.consumer.js';
import { StatusGateway } from './status/status.gateway.js';
import { StatusStreamController } from './status/status-stream.controller.js';
import { Subscribe } from './status/subscribe.js';

/** What the controllers and the gateway are built from. */
export interface GatewayParts {
  readonly db: Database;
  readonly callers: Callers;
  /** Browser origins that may call. */
  readonly origins: readonly string[];
  readonly inbox: Inbox;
  readonly waitForMessages: WaitForMessages;
  readonly door: Door;
  readonly listeners: Listeners;
  readonly own: OwnEvents;
  readonly recognize: Recognize;
  readonly rooms: Rooms;
  readonly position: SettledPosition;
  readonly subscribe: Subscribe;
  readonly queueStats: QueueStats;
  readonly operations: OperationsOptions;
}

/** Everything that comes back: status to sockets, and the sandbox's inbox. */
@Module({})
export class GatewayModule {
  static with(parts: GatewayParts): DynamicModule {
    return {
      module: GatewayModule,
      imports: [OperationsModule.with(parts.operations)],
      controllers: [InboxController, StatusConsumer, StatusStreamController, StatsController],
      providers: [
        StatusGateway,
        { provide: Database, useValue: parts.db },
        { provide: Callers, useValue: parts.callers },
        { provide: QueueStats, useValue: parts.queueStats },
        { provide: Inbox, useValue: parts.inbox },
        { provide: WaitForMessages, useValue: parts.waitForMessages },
        { provide: Door, useValue: parts.door },
        { provide: Listeners, useValue: parts.listeners },
        { provide: OwnEvents, useValue: parts.own },
        { provide: Recognize, useValue: parts.recognize },
        { provide: Rooms, useValue: parts.rooms },
        { provide: SettledPosition, useValue: parts.position },
        { provide: Subscribe, useValue: parts.subscribe },
        { provide: APP_GUARD, useValue: new ApiKeyGuard(parts.callers, parts.origins) },
      ],
    };
  }
}
