import type { Topic } from '../topic.js';

/** Made now, so that a release that writes it finds it; nothing writes or reads it yet. */
export const emailOutcomeTopic: Topic = {
  name: 'email.outcome.v1',
  partitions: 3,
  retentionDays: 1,
  cleanup: 'delete',
  key: 'delivery id',
  carries: 'outcomes that a sender could not settle because Postgres was away; private; not written by this release',
};
