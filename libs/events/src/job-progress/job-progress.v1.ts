import { defineEvent } from '../define-event.js';
import { jobFact } from './job-fact.js';
import { jobProgressTopic } from './topic.js';

/** A job went on. Written in the transaction that moved it, or that looked at the copies of its emails. */
export const jobProgressV1 = defineEvent({
  type: 'job.progress',
  version: 1,
  topic: jobProgressTopic,
  description: 'How far a job is: at most four a second, always whole, and always once more at the end.',
  data: jobFact,
});
