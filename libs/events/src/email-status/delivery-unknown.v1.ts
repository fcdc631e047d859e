import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { deliveryFact } from './delivery-fact.js';
import { emailStatusTopic } from './topic.js';

/** The reply to the final dot never came and nobody will send it again by itself. */
export const deliveryUnknownV1 = defineEvent({
  type: 'delivery.unknown',
  version: 1,
  topic: emailStatusTopic,
  description: 'Nobody knows whether a server accepted this delivery; it will not be sent again by itself.',
  data: { ...deliveryFact, status: z.literal('unknown') },
});
