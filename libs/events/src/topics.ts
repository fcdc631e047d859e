import { appEventsTopic } from './app-events/topic.js';
import { emailDeadLetterTopic } from './email-dead-letter/topic.js';
import { emailDeliveryTopics } from './email-delivery/topic.js';
import { emailOutcomeTopic } from './email-outcome/topic.js';
import { emailSchedulingTopic } from './email-scheduling/topic.js';
import { emailStatusTopic } from './email-status/topic.js';
import { jobProgressTopic } from './job-progress/topic.js';
import type { Topic } from './topic.js';

/** Every topic that Mailtide creates (interface 5). */
export const TOPICS: readonly Topic[] = [
  emailDeliveryTopics.transactional,
  emailDeliveryTopics.bulk,
  emailSchedulingTopic,
  emailStatusTopic,
  jobProgressTopic,
  appEventsTopic,
  emailOutcomeTopic,
  emailDeadLetterTopic,
];
