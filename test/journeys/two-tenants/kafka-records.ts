import { kafkaSettings, readEnvironment, testConfig } from '#config';
import { TOPICS } from '#events';
import { connectKafka, type KafkaConnection } from '#messaging';
import { eventually, type Mailtide, uniqueName } from '#testing';

type Admin = ReturnType<KafkaConnection['kafka']['admin']>;

export interface KafkaRecord {
  readonly topic: string;
  readonly tenantId: string | undefined;
  /** Key, headers and value. */
  readonly text: string;
}

/** All records that a Mailtide has written so far. */
export async function kafkaRecords({ topicPrefix }: Mailtide): Promise<KafkaRecord[]> {
  const settings = kafkaSettings({
    KAFKA_BROKERS: readEnvironment(testConfig).TEST_KAFKA_BROKERS.split(','),
    KAFKA_SSL: false,
    KAFKA_TOPIC_PREFIX: topicPrefix,
    KAFKA_SASL_MECHANISM: undefined,
    KAFKA_SASL_USERNAME: undefined,
    KAFKA_SASL_PASSWORD: undefined,
  });
  const { kafka } = connectKafka('two-tenants', settings, () => {});
  const topics = TOPICS.map(({ name }) => topicPrefix + name);
  const written = await countWritten(kafka.admin(), topics);
  const consumer = kafka.consumer({ groupId: uniqueName('two-tenants') });
  const records: KafkaRecord[] = [];
  await consumer.connect();
  await consumer.subscribe({ topics, fromBeginning: true });
  await consumer.run({
    eachMessage: ({ topic, message: { key, value, headers = {} } }) => {
      const head = Object.entries(headers).map(([name, content]) => `${name}: ${String(content)}`);
      const tenantId = headers['ce_tenantid'] === undefined ? undefined : String(headers['ce_tenantid']);
      records.push({ topic, tenantId, text: [String(key), ...head, String(value)].join('\n') });
      return Promise.resolve();
    },
  });
  await eventually(() => {
    if (records.length < written) throw new Error(`${records.length} of ${written} records were read`);
  }, 30_000);
  await consumer.disconnect();
  return records;
}

async function countWritten(admin: Admin, topics: readonly string[]): Promise<number> {
  await admin.connect();
  const offsets = await Promise.all(topics.map((topic) => admin.fetchTopicOffsets(topic)));
  await admin.disconnect();
  return offsets.flat().reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
}
