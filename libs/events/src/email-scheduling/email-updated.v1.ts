import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { emailId, instant } from '../ids.js';
import { emailSchedulingTopic } from './topic.js';

/** A user changed an email before its copies were armed. Written by the scheduler in the transaction of the edit. */
export const emailUpdatedV1 = defineEvent({
  type: 'email.updated',
  version: 1,
  topic: emailSchedulingTopic,
  description: 'An email was edited.',
  data: {
    emailId,
    changed: z.array(z.string()).min(1).meta({ description: 'Names of the fields that changed' }),
    scheduledAt: instant,
    version: z.int().positive(),
    at: instant,
  },
});
