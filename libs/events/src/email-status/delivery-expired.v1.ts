import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { deliveryFact } from './delivery-fact.js';
import { emailStatusTopic } from './topic.js';

/**
 * A delivery became too late to be sent: `missed` (we were late) or `expires_at_passed`. Written by the poller, and by the scheduler
 * where it makes a copy whose local time has passed (`ifPast: skip`).
 */
export const deliveryExpiredV1 = defineEvent({
  type: 'delivery.expired',
  version: 1,
  topic: emailStatusTopic,
  description: 'The delivery was not sent in time and will not be sent any more.',
  data: { ...deliveryFact, status: z.literal('expired') },
});
