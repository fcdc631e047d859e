import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { deliveryFact } from './delivery-fact.js';
import { emailStatusTopic } from './topic.js';

/** A provider's server accepted one delivery. Written by the sender when it settles, in the same transaction. */
export const deliverySentV1 = defineEvent({
  type: 'delivery.sent',
  version: 1,
  topic: emailStatusTopic,
  description: 'A server took responsibility for this delivery.',
  data: { ...deliveryFact, status: z.literal('sent') },
});
