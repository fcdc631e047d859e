import { setTimeout as pause } from 'node:timers/promises';
import type { Admin } from 'kafkajs';
import type { Topic } from '#events';
import type { KafkaConnection } from './connect-kafka.js';

const DAY_MS = 86_400_000;

export interface TopicSettings {
  /** For topics that do not say their own number. */
  readonly partitions: number;
  readonly replication: number;
}

/** Creates the topics that are missing; the names created. Those that exist are left as they are. */
export async function ensureTopics(
  { kafka, prefix }: KafkaConnection,
  topics: readonly Topic[],
  settings: TopicSettings,
): Promise<string[]> {
  const admin = kafka.admin({ retry: { retries: 3 } }); // whoever asks asks again
  await admin.connect();
  try {
    const existing = new Set(await admin.listTopics());
    const missing = topics.filter(({ name }) => !existing.has(prefix + name));
    if (missing.length === 0) return [];
    await admin.createTopics({
      waitForLeaders: false, // it gives up when a broker has not heard of a topic yet
      topics: missing.map((topic) => ({
        topic: prefix + topic.name,
        numPartitions: topic.partitions ?? settings.partitions,
        replicationFactor: settings.replication,
        configEntries: [
          { name: 'retention.ms', value: String(topic.retentionDays * DAY_MS) },
          { name: 'cleanup.policy', value: topic.cleanup },
        ],
      })),
    });
    const names = missing.map(({ name }) => prefix + name);
    await haveLeaders(admin, names);
    return names;
  } finally {
    await admin.disconnect();
  }
}

const PATIENCE_MS = 30_000;
const LOOK_MS = 100;

/** A broker that is busy hears of its new topics a little later than whoever made them. */
async function haveLeaders(admin: Admin, topics: string[]): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      const found = await admin.fetchTopicMetadata({ topics });
      if (
        found.topics.every(({ partitions }) => partitions.length > 0 && partitions.every(({ leader }) => leader >= 0))
      )
        return;
      if (performance.now() > until) throw new Error(`topics have no leader: ${topics.join(', ')}`);
    } catch (error) {
      if (performance.now() > until) throw error;
    }
    await pause(LOOK_MS);
  }
}
