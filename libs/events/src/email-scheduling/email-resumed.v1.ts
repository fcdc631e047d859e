import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { emailId, instant } from '../ids.js';
import { emailSchedulingTopic } from './topic.js';

/** A user let a paused email go on. Written by the scheduler in the transaction of the resume. */
export const emailResumedV1 = defineEvent({
  type: 'email.resumed',
  version: 1,
  topic: emailSchedulingTopic,
  description: 'A paused email goes on; what came due meanwhile is due now.',
  data: { emailId, version: z.int().positive(), at: instant },
});
