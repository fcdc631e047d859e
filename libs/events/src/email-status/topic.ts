import type { Topic } from '../topic.js';

export const emailStatusTopic: Topic = {
  name: 'email.status.v1',
  partitions: null,
  retentionDays: 7,
  cleanup: 'delete',
  key: 'delivery id',
  carries: 'delivery.*: one per outcome',
};
