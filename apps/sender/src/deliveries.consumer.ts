import { Controller, UseFilters } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { parsePublicId, type TenantId } from '#domain';
import { deliveryRequestedV1, emailDeliveryTopics, type EventData } from '#events';
import { KeepError, OnBatch, type ReceivedEvent } from '#messaging';
import { type Claim, Database, loadClaimed, releaseClaims } from '#storage';
import { DeliveryQueue } from './delivery-queue.js';

type Order = EventData<(typeof deliveryRequestedV1)['transactional']>;

/** In one statement at most: a bigger batch would load for longer than it saves. */
const LOAD_AT_ONCE = 500;

/**
 * Takes work orders over: loads what is still queued under the order's epochs, then the offsets may be committed.
 * The database owned the work before the record existed, so a crash costs one reclaim and a repeat does no harm.
 */
@Controller()
@UseFilters(KeepError)
export class DeliveriesConsumer {
  constructor(
    private readonly db: Database,
    private readonly queue: DeliveryQueue,
  ) {}

  @OnBatch(emailDeliveryTopics.transactional)
  transactional(@Payload() orders: readonly ReceivedEvent[]): Promise<void> {
    return this.take(orders);
  }

  @OnBatch(emailDeliveryTopics.bulk)
  bulk(@Payload() orders: readonly ReceivedEvent[]): Promise<void> {
    return this.take(orders);
  }

  private async take(orders: readonly ReceivedEvent[]): Promise<void> {
    const claims = orders.flatMap(claimsOf);
    for (let from = 0; from < claims.length; from += LOAD_AT_ONCE) {
      if (!(await this.queue.hasRoom())) throw new Error('stopping: another sender takes this batch');
      const loaded = await loadClaimed(this.db, claims.slice(from, from + LOAD_AT_ONCE));
      if (!this.queue.add(loaded)) await releaseClaims(this.db, loaded);
    }
  }
}

function claimsOf({ envelope, data }: ReceivedEvent): Claim[] {
  const tenantId = envelope.tenantId as TenantId;
  return (data as Order).deliveries.flatMap(([publicDeliveryId, epoch]) => {
    const id = parsePublicId('delivery', publicDeliveryId);
    return id ? [{ tenantId, id, epoch }] : [];
  });
}
