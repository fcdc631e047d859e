import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { emailId, instant } from '../ids.js';
import { emailSchedulingTopic } from './topic.js';

/** A user cancelled an email. Written by the scheduler in the transaction of the cancel. */
export const emailCancelledV1 = defineEvent({
  type: 'email.cancelled',
  version: 1,
  topic: emailSchedulingTopic,
  description: 'An email was cancelled; its copies that were not armed will never be sent.',
  data: {
    emailId,
    cancelled: z.int().nonnegative(),
    alreadySent: z.int().nonnegative(),
    inFlight: z.int().nonnegative().meta({ description: 'Copies that were armed when the cancel came' }),
    final: z.boolean().meta({ description: 'false: another one follows when inFlight is 0' }),
    version: z.int().positive(),
    at: instant,
  },
});
