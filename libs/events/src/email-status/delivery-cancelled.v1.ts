import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { deliveryFact } from './delivery-fact.js';
import { emailStatusTopic } from './topic.js';

/** A user cancelled before the delivery was armed. Written in the transaction of the cancel. */
export const deliveryCancelledV1 = defineEvent({
  type: 'delivery.cancelled',
  version: 1,
  topic: emailStatusTopic,
  description: 'The delivery was cancelled before it was sent.',
  data: { ...deliveryFact, status: z.literal('cancelled') },
});
