import { childEnvironment, kafkaSettings, migrateConfig, type MigrateConfig, readEnvironment } from '#config';
import { connectKafka, type KafkaConnection } from '#messaging';
import { createScratchDatabase } from '../dev/postgres.js';
import { prepareStores } from '../migrate/prepare-stores.js';
import type { Undo } from './undo.js';

/** A database and topics of one run, on servers that others may use, too. */
export interface BenchStores {
  readonly databaseUrl: string;
  readonly databaseName: string;
  readonly kafka: KafkaConnection;
  /** What the apps need to find them. */
  readonly env: Readonly<Record<string, string>>;
}

/** Makes them; `undo` drops them again. A server that is not safe against a crash is refused. */
export async function openBenchStores(databaseUrl: string, brokers: string, undo: Undo): Promise<BenchStores> {
  const scratch = await createScratchDatabase(databaseUrl);
  undo.add(scratch.drop);
  const databaseName = new URL(scratch.url).pathname.slice(1);
  const env = { DATABASE_URL: scratch.url, KAFKA_BROKERS: brokers, KAFKA_TOPIC_PREFIX: `${databaseName}.` };
  const config = readEnvironment(migrateConfig, childEnvironment(env));
  undo.add(() => dropTopics(config));
  await prepareStores(config);
  return { databaseUrl: scratch.url, databaseName, kafka: connect(config), env };
}

const connect = (config: MigrateConfig): KafkaConnection =>
  connectKafka('mailtide-bench', kafkaSettings(config), () => undefined);

async function dropTopics(config: MigrateConfig): Promise<void> {
  const { kafka, prefix } = connect(config);
  const admin = kafka.admin();
  await admin.connect();
  try {
    const topics = (await admin.listTopics()).filter((name) => name.startsWith(prefix));
    if (topics.length > 0) await admin.deleteTopics({ topics });
    const { groups } = await admin.listGroups();
    const ours = groups.map(({ groupId }) => groupId).filter((id) => id.startsWith(prefix));
    await admin.deleteGroups(ours).catch(() => undefined); // a member may not have left yet; Kafka forgets them by itself
  } finally {
    await admin.disconnect();
  }
}
