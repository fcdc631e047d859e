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
      waitForLeaders: true,
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
    return missing.map(({ name }) => prefix + name);
  } finally {
    await admin.disconnect();
  }
}
