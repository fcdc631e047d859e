import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { deadLetterId, deliveryId, emailId, instant, jobId } from '../ids.js';
import { emailStatusTopic } from './topic.js';

/**
 * Something was put aside that nobody could send or read. Written with the dead letter's row. It stands beside the events
 * that number a delivery's versions and takes none of their numbers: its own is 0.
 */
export const deadLetterAddedV1 = defineEvent({
  type: 'dead_letter.added',
  version: 1,
  topic: emailStatusTopic,
  description: 'A delivery or a record was put aside as a dead letter.',
  data: {
    deadLetterId,
    kind: z.enum(['delivery', 'record', 'app_event', 'webhook']),
    reason: z.string().meta({ description: "The delivery's reason, or why the record could not be read" }),
    deliveryId: deliveryId.nullable(),
    emailId: emailId.nullable(),
    jobId,
    attempts: z.int().nonnegative(),
    at: instant,
  },
});
