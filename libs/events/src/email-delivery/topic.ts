import type { Topic } from '../topic.js';

const lane = (name: string): Topic => ({
  name: `email.delivery.${name}.v1`,
  partitions: null,
  retentionDays: 1,
  cleanup: 'delete',
  key: 'first delivery id',
  carries: 'work orders from poller to sender; private',
});

export const emailDeliveryTopics = { transactional: lane('transactional'), bulk: lane('bulk') } as const;
