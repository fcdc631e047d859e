import type { Topic } from '../topic.js';

export const emailSchedulingTopic: Topic = {
  name: 'email.scheduling.v1',
  partitions: null,
  retentionDays: 7,
  cleanup: 'delete',
  key: 'email id',
  carries: 'email.*: what users asked for',
};
