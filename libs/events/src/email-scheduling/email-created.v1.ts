import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { emailId, instant, jobId, ownerId } from '../ids.js';
import { emailSchedulingTopic } from './topic.js';

/** An email was accepted. Written by the scheduler in the transaction that stores it. */
export const emailCreatedV1 = defineEvent({
  type: 'email.created',
  version: 1,
  topic: emailSchedulingTopic,
  description: 'An email was accepted and is stored.',
  data: {
    emailId,
    kind: z.enum(['single', 'campaign', 'broadcast', 'load_test']),
    class: z.enum(['otp', 'transactional', 'bulk']),
    scheduledAt: instant,
    total: z.int().nonnegative().meta({ description: 'Deliveries' }),
    ownerId,
    jobId,
    version: z.int().positive(),
    at: instant,
  },
});
