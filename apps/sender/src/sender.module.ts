import { type DynamicModule, Module } from '@nestjs/common';
import { OperationsModule, type OperationsOptions } from '#http';
import { Database } from '#storage';
import { DeliveriesConsumer } from './deliveries.consumer.js';
import { DeliveryQueue } from './delivery-queue.js';

/** Work orders in, health and metrics out. */
@Module({})
export class SenderModule {
  static with(parts: { db: Database; queue: DeliveryQueue; operations: OperationsOptions }): DynamicModule {
    return {
      module: SenderModule,
      imports: [OperationsModule.with(parts.operations)],
      controllers: [DeliveriesConsumer],
      providers: [
        { provide: Database, useValue: parts.db },
        { provide: DeliveryQueue, useValue: parts.queue },
      ],
    };
  }
}
