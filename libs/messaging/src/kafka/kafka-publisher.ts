import { setTimeout as pause } from 'node:timers/promises';
import { Partitioners, type Producer } from 'kafkajs';
import type { Acknowledgement, OutgoingRecord, Publisher } from '../publisher.js';
import type { KafkaConnection } from './connect-kafka.js';

export interface KafkaPublisherOptions {
  readonly connection: KafkaConnection;
  /** How often a send is tried again. Work orders must not outlive their grant; events may wait for the broker. */
  readonly retries: number;
}

/** The client goes on connecting for minutes while no broker answers, and cannot be told to give up: nobody waits for that. */
const STOP_MS = 5_000;

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
  const disconnect = async () => {
    await started?.catch(() => undefined);
    await producer.disconnect();
  };
  return {
    start,
    publish: async (records) => {
      await start();
      return publish(producer, connection.prefix, records);
    },
    stop: () => Promise.race([disconnect(), pause(STOP_MS, undefined, { ref: false })]),
  };
}

async function publish(
  producer: Producer,
  prefix: string,
  records: readonly OutgoingRecord[],
): Promise<Acknowledgement[]> {
  if (records.length === 0) return [];
  const byTopic = new Map<string, OutgoingRecord[]>();
  for (const record of records) {
    const list = byTopic.get(record.topic);
    if (list) list.push(record);
    else byTopic.set(record.topic, [record]);
  }
  const lain = await producer.sendBatch({
    acks: -1,
    topicMessages: [...byTopic].map(([topic, list]) => ({
      topic: prefix + topic,
      messages: list.map(({ key, value, headers }) => ({ key, value, headers })),
    })),
  });
  return lain.flatMap(({ topicName, partition, baseOffset }) =>
    baseOffset === undefined ? [] : [{ topic: topicName.slice(prefix.length), partition, offset: baseOffset }],
  );
}
