import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { deliveryId } from '../ids.js';
import { emailDeliveryTopics } from './topic.js';

/** Deliveries in one record: enough to make its cost vanish (measured), few enough to spread over partitions. */
export const MAX_DELIVERIES_PER_ORDER = 50;

/** What the database's `integer` holds. */
const MAX_EPOCH = 2_147_483_647;

const epoch = z.int().positive().max(MAX_EPOCH).meta({ description: 'The epoch of the claim' });

const order = {
  deliveries: z
    .array(z.tuple([deliveryId, epoch]))
    .min(1)
    .max(MAX_DELIVERIES_PER_ORDER),
};

const description =
  'A work order: deliveries of one tenant that were claimed together and are due now. Ids and epochs, never content.';

/** Written by the poller when its deliveries' time has come. Replaying one is harmless: the gate compares the epoch. */
export const deliveryRequestedV1 = {
  transactional: defineEvent({
    type: 'delivery.requested',
    version: 1,
    topic: emailDeliveryTopics.transactional,
    description,
    data: order,
  }),
  bulk: defineEvent({
    type: 'delivery.requested',
    version: 1,
    topic: emailDeliveryTopics.bulk,
    description,
    data: order,
  }),
} as const;
