import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { deliveryFact } from './delivery-fact.js';
import { emailStatusTopic } from './topic.js';

/** The recipient is suppressed, so nothing was sent. Written by the sender when it settles; no attempt is counted. */
export const deliverySuppressedV1 = defineEvent({
  type: 'delivery.suppressed',
  version: 1,
  topic: emailStatusTopic,
  description: 'The delivery was not sent because its recipient is suppressed.',
  data: { ...deliveryFact, status: z.literal('suppressed') },
});
