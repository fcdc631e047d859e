import type { Consumer, EachBatchPayload } from 'kafkajs';
import type { Topic } from '#events';
import type { KafkaConnection } from './connect-kafka.js';

/** The next offset of one partition, as kafkajs names things. */
interface Position {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

/**
 * Where a broadcast group reads: from the end of its topics at its start, then wherever it came. Kept here and not
 * committed, because nobody takes over from it; yet a consumer that crashed must go on where it was, and not at the end.
 */
export class BroadcastPositions {
  private readonly positions = new Map<string, Position>();

  /** Positions behind what the topics hold now. */
  static async atEnd({ kafka, prefix }: KafkaConnection, topics: readonly Topic[]): Promise<BroadcastPositions> {
    const admin = kafka.admin();
    await admin.connect();
    try {
      const positions = new BroadcastPositions();
      for (const { name } of topics) {
        const topic = prefix + name;
        const ends = await admin.fetchTopicOffsets(topic);
        for (const { partition, high } of ends) positions.set({ topic, partition, offset: high });
      }
      return positions;
    } finally {
      await admin.disconnect();
    }
  }

  /** Sends a consumer there that has just joined its group. */
  apply(consumer: Consumer): void {
    for (const position of this.positions.values()) consumer.seek(position);
  }

  /** Notes that a batch is done. */
  advance(payload: EachBatchPayload): void {
    const { batch } = payload;
    payload.resolveOffset(batch.lastOffset());
    const offset = String(BigInt(batch.lastOffset()) + 1n);
    this.set({ topic: batch.topic, partition: batch.partition, offset });
  }

  private set(position: Position): void {
    this.positions.set(`${position.topic} ${position.partition}`, position);
  }
}
