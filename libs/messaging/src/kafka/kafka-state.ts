import type { Topic } from '#events';
import type { Acknowledged } from '#storage';
import type { KafkaConnection } from './connect-kafka.js';

/** What brokers have: which cluster they are, and where each partition ends. */
export interface KafkaState {
  readonly cluster: string | null;
  /** topic -> partition -> the offset that the next record gets. */
  readonly ends: Acknowledged;
}

/** Asks the brokers. Throws when they are away; tries for a few seconds only, so that a stop need not wait. */
export async function kafkaState({ kafka, prefix }: KafkaConnection, topics: readonly Topic[]): Promise<KafkaState> {
  const admin = kafka.admin({ retry: { retries: 1 } });
  await admin.connect();
  try {
    const { clusterId } = (await admin.describeCluster()) as { readonly clusterId: string | null };
    const existing = new Set(await admin.listTopics());
    const ends: Record<string, Record<string, string>> = {};
    for (const { name } of topics) {
      if (!existing.has(prefix + name)) continue;
      const offsets = await admin.fetchTopicOffsets(prefix + name);
      ends[name] = Object.fromEntries(offsets.map(({ partition, high }) => [partition, high]));
    }
    return { cluster: clusterId, ends };
  } finally {
    await admin.disconnect();
  }
}
