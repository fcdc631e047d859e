import { emailDeliveryTopics } from '#events';
import type { KafkaConnection } from '#messaging';
import type { Undo } from './undo.js';
import { wallMs } from './wall-clock.js';

/** When work orders could be read by whoever reads their topic: a second reader beside the sender. */
export class OrderWatch {
  private seen: { readonly atMs: number; readonly deliveries: number }[] = [];

  /** Resolves when the reader is a member of its group. */
  async start({ kafka, prefix }: KafkaConnection, undo: Undo): Promise<void> {
    const consumer = kafka.consumer({ groupId: `${prefix}bench`, allowAutoTopicCreation: false });
    const joined = new Promise((resolve) => consumer.on('consumer.group_join', resolve));
    await consumer.connect();
    undo.add(() => consumer.disconnect());
    await consumer.subscribe({ topics: [prefix + emailDeliveryTopics.transactional.name], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        const atMs = wallMs();
        for (const { value } of batch.messages) this.seen.push({ atMs, deliveries: deliveriesIn(value) });
      },
    });
    await joined;
  }

  forget(): void {
    this.seen = [];
  }

  /** One instant for every delivery in the orders that were seen. */
  handedOverAtMs(): number[] {
    return this.seen.flatMap(({ atMs, deliveries }) => Array.from({ length: deliveries }, () => atMs));
  }
}

const deliveriesIn = (value: Buffer | null): number =>
  (JSON.parse(value?.toString('utf8') ?? '{"deliveries":[]}') as { deliveries: unknown[] }).deliveries.length;
