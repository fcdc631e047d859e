import { Controller, UseFilters } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { type Lane, parsePublicId, type TenantId } from '#domain';
import { deliveryRequestedV1, emailDeliveryTopics, type EventData } from '#events';
import { KeepError, OnBatch, type ReceivedEvent } from '#messaging';
import type { Claim } from '#storage';
import { Backlog } from './backlog.js';

type Order = EventData<(typeof deliveryRequestedV1)['transactional']>;

/**
 * Takes work orders over; then their offsets may be committed. The database owned the work before the record existed,
 * so a crash costs one reclaim and a repeat does no harm.
 */
@Controller()
@UseFilters(KeepError)
export class DeliveriesConsumer {
  constructor(private readonly backlog: Backlog) {}

  @OnBatch(emailDeliveryTopics.transactional)
  transactional(@Payload() orders: readonly ReceivedEvent[]): Promise<void> {
    return this.take('transactional', orders);
  }

  @OnBatch(emailDeliveryTopics.bulk)
  bulk(@Payload() orders: readonly ReceivedEvent[]): Promise<void> {
    return this.take('bulk', orders);
  }

  private async take(lane: Lane, orders: readonly ReceivedEvent[]): Promise<void> {
    if (!(await this.backlog.hasRoom(lane)) || !this.backlog.add(lane, orders.flatMap(claimsOf)))
      throw new Error('stopping: another sender takes this batch');
  }
}

function claimsOf({ envelope, data }: ReceivedEvent): Claim[] {
  const tenantId = envelope.tenantId as TenantId;
  return (data as Order).deliveries.flatMap(([publicDeliveryId, epoch]) => {
    const id = parsePublicId('delivery', publicDeliveryId);
    return id ? [{ tenantId, id, epoch }] : [];
  });
}
