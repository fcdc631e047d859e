import type { Consumer, KafkaMessage } from 'kafkajs';
import type { Topic } from '#events';
import type { KafkaConnection } from '../kafka/connect-kafka.js';

/** Reads a topic from its beginning, whatever is in it. */
export class KafkaReader {
  readonly messages: KafkaMessage[] = [];
  private readonly consumer: Consumer;

  private constructor(connection: KafkaConnection, group: string) {
    this.consumer = connection.kafka.consumer({ groupId: group, maxWaitTimeInMs: 50, allowAutoTopicCreation: false });
  }

  static async start(connection: KafkaConnection, topic: Topic, group: string): Promise<KafkaReader> {
    const reader = new KafkaReader(connection, group);
    await reader.consumer.connect();
    await reader.consumer.subscribe({ topics: [connection.prefix + topic.name], fromBeginning: true });
    await reader.consumer.run({
      eachMessage: async ({ message }) => {
        reader.messages.push(message);
      },
    });
    return reader;
  }

  stop(): Promise<void> {
    return this.consumer.disconnect();
  }
}
