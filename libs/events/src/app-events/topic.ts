import type { Topic } from '../topic.js';

/** Made now so that applications can be pointed at it; nothing reads it yet. */
export const appEventsTopic: Topic = {
  name: 'app.events.v1',
  partitions: null,
  retentionDays: 7,
  cleanup: 'delete',
  key: "producer's choice",
  carries: 'events of applications, written by them; not read by this release',
};
