import { Partitioners, type Producer } from 'kafkajs';
import type { OutgoingRecord, Publisher } from '../publisher.js';
import type { KafkaConnection } from './connect-kafka.js';

export interface KafkaPublisherOptions {
  readonly connection: KafkaConnection;
  /** How often a send is tried again. Work orders must not outlive their grant; events may wait for the broker. */
  readonly retries: number;
}

/** A producer. No idempotence, no transactions: repeats are harmless, because every effect is a guarded update. */
export function createKafkaPublisher({ connection, retries }: KafkaPublisherOptions): Publisher {
  const producer = connection.kafka.producer({
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries },
  });
  let started: Promise<void> | undefined;
  const start = () =>
    (started ??= producer.connect().catch((error: unknown) => {
      started = undefined; // the next one tries again
      throw error;
    }));
  return {
    start,
    publish: async (records) => {
      await start();
      await publish(producer, connection.prefix, records);
    },
    stop: async () => {
      await started?.catch(() => undefined);
      await producer.disconnect();
    },
  };
}

async function publish(producer: Producer, prefix: string, records: readonly OutgoingRecord[]): Promise<void> {
  if (records.length === 0) return;
  const byTopic = new Map<string, OutgoingRecord[]>();
  for (const record of records) {
    const list = byTopic.get(record.topic);
    if (list) list.push(record);
    else byTopic.set(record.topic, [record]);
  }
  await producer.sendBatch({
    acks: -1,
    topicMessages: [...byTopic].map(([topic, list]) => ({
      topic: prefix + topic,
      messages: list.map(({ key, value, headers }) => ({ key, value, headers })),
    })),
  });
}
