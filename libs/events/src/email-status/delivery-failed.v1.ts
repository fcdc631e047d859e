import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { deliveryFact } from './delivery-fact.js';
import { emailStatusTopic } from './topic.js';

/** A delivery came to its end without being accepted. Written by the sender when it settles. */
export const deliveryFailedV1 = defineEvent({
  type: 'delivery.failed',
  version: 1,
  topic: emailStatusTopic,
  description: 'The delivery was not accepted and will not be attempted again by itself.',
  data: { ...deliveryFact, status: z.literal('failed') },
});
