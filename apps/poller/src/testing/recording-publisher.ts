import { type DeliveryId, parsePublicId } from '#domain';
import type { Acknowledgement, OutgoingRecord, Publisher } from '#messaging';

export interface Published {
  readonly record: OutgoingRecord;
  /** When it was given to us, on the monotonic clock. */
  readonly atMs: number;
}

/** A publisher that keeps what it was given, and refuses on demand. */
export class RecordingPublisher implements Publisher {
  readonly published: Published[] = [];
  /** Asked before every send: a promise that rejects refuses it, one that waits holds it up. */
  before: () => Promise<void> = () => Promise.resolve();

  async publish(records: readonly OutgoingRecord[]): Promise<readonly Acknowledgement[]> {
    const atMs = performance.now();
    await this.before();
    this.published.push(...records.map((record) => ({ record, atMs })));
    return [];
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  /** The deliveries in all records, in order, with the moment of each. */
  get deliveries(): { id: DeliveryId; epoch: number; atMs: number }[] {
    return this.published.flatMap(({ record, atMs }) => deliveriesOf(record).map((one) => ({ ...one, atMs })));
  }
}

/** What a work order says. */
export function deliveriesOf(record: OutgoingRecord): { id: DeliveryId; epoch: number }[] {
  const { deliveries } = JSON.parse(String(record.value)) as { deliveries: [string, number][] };
  return deliveries.map(([id, epoch]) => ({ id: parsePublicId('delivery', id) as DeliveryId, epoch }));
}
