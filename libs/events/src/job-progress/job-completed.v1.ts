import { defineEvent } from '../define-event.js';
import { jobFact } from './job-fact.js';
import { jobProgressTopic } from './topic.js';

/** A job has come to its end. Written in the transaction of its last job.progress. */
export const jobCompletedV1 = defineEvent({
  type: 'job.completed',
  version: 1,
  topic: jobProgressTopic,
  description: 'A job has come to its end; follows its last job.progress.',
  data: jobFact,
});
