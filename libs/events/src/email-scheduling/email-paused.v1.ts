import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { emailId, instant } from '../ids.js';
import { emailSchedulingTopic } from './topic.js';

/** A user paused an email. Written by the scheduler in the transaction of the pause. */
export const emailPausedV1 = defineEvent({
  type: 'email.paused',
  version: 1,
  topic: emailSchedulingTopic,
  description: 'An email was paused: none of its copies is armed until it is resumed.',
  data: { emailId, version: z.int().positive(), at: instant },
});
