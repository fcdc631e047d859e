import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { instant } from '../ids.js';
import { deliveryFact } from './delivery-fact.js';
import { emailStatusTopic } from './topic.js';

/** An attempt failed for now, or its end was never learned and it will be repeated. Written with the move back to scheduled. */
export const deliveryRetryingV1 = defineEvent({
  type: 'delivery.retrying',
  version: 1,
  topic: emailStatusTopic,
  description: 'The delivery will be attempted again.',
  data: { ...deliveryFact, status: z.literal('scheduled'), nextAttemptAt: instant },
});
