import type { Topic } from '../topic.js';

export const emailDeadLetterTopic: Topic = {
  name: 'email.dead-letter.v1',
  partitions: 3,
  retentionDays: 30,
  cleanup: 'delete',
  key: 'original key',
  carries: 'records that nobody could process, bytes untouched',
};
