import type { Topic } from '../topic.js';

export const jobProgressTopic: Topic = {
  name: 'job.progress.v1',
  partitions: 3,
  retentionDays: 7,
  cleanup: 'compact,delete',
  key: 'job id',
  carries: 'job.*: how far jobs are, always whole',
};
