import { type DynamicModule, Module } from '@nestjs/common';
import { OperationsModule, type OperationsOptions } from '#http';
import { DeliveriesConsumer } from './deliveries.consumer.js';
import { Backlog } from './backlog.js';

/** Work orders in, health and metrics out. */
@Module({})
export class SenderModule {
  static with(parts: { backlog: Backlog; operations: OperationsOptions }): DynamicModule {
    return {
      module: SenderModule,
      imports: [OperationsModule.with(parts.operations)],
      controllers: [DeliveriesConsumer],
      providers: [{ provide: Backlog, useValue: parts.backlog }],
    };
  }
}
