import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { instant } from '../ids.js';
import { deliveryFact } from './delivery-fact.js';
import { emailStatusTopic } from './topic.js';

/** A user moved a delivery to another time. Written in the transaction of the edit. */
export const deliveryScheduledV1 = defineEvent({
  type: 'delivery.scheduled',
  version: 1,
  topic: emailStatusTopic,
  description: 'The delivery has a new time.',
  data: { ...deliveryFact, status: z.literal('scheduled'), dueAt: instant },
});
