import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import { isObservable, lastValueFrom } from 'rxjs';
import type { Topic } from '#events';
import type { InHand, Place } from '../consumer-progress.js';
import { type DeadLetterOffice, type Poison, putAside } from '../dead-letters.js';
import { decodeRecord, type ReceivedEvent } from '../received-event.js';
import { commitBatch } from './commit-batch.js';
import type { KafkaConnection } from './connect-kafka.js';
import type { ProgressNotes } from './progress-notes.js';
import { rawRecord } from './raw-record.js';
import { DEATHS, judge, partBatch, together } from './suspects.js';

export type Handler = (events: readonly ReceivedEvent[], context: unknown) => Promise<unknown>;

export interface TakeOverOptions {
  readonly connection: KafkaConnection;
  readonly group: string;
  /** Where poison goes; null: another replica puts it aside. */
  readonly deadLetters: DeadLetterOffice | null;
  /** What is in hand; undefined: nobody counts deaths. */
  readonly notes: ProgressNotes | undefined;
}

/** Gives the records of a batch to whom they are for; what nobody can read, or whoever takes it dies of, is put aside. */
export class TakeOver {
  constructor(private readonly options: TakeOverOptions) {}

  /** Whole, but for what the last owner of the partition may have died of. false: the rest is somebody else's now. */
  async run(topic: Topic, handler: Handler, payload: EachBatchPayload): Promise<boolean> {
    const { partition, messages } = payload.batch;
    const place: Place = { group: this.options.group, topic: topic.name, partition };
    const left = await this.options.notes?.left(place);
    const { before, alone, after } = partBatch(messages, left);
    await this.takeTogether(topic, handler, place, before);
    if (left) {
      for (const message of alone) {
        await this.takeAlone(topic, handler, place, message, left);
        // One by one: the next death must begin where this one was survived.
        await commitBatch(payload, message.offset);
        if (!payload.isRunning() || payload.isStale()) return false;
      }
      const isBehind = after.length > 0 || alone.at(-1)?.offset === String(left.last);
      if (isBehind) await this.options.notes?.cleared(place);
    }
    await this.takeTogether(topic, handler, place, after);
    return true;
  }

  private async takeTogether(
    topic: Topic,
    handler: Handler,
    place: Place,
    messages: readonly KafkaMessage[],
  ): Promise<void> {
    const [first, last] = [messages[0], messages.at(-1)];
    if (!first || !last) return;
    await this.options.notes?.noteBatch(place, together(BigInt(first.offset), BigInt(last.offset)));
    await this.handOver(topic, handler, place.partition, messages);
  }

  private async takeAlone(
    topic: Topic,
    handler: Handler,
    place: Place,
    message: KafkaMessage,
    left: InHand,
  ): Promise<void> {
    const judgement = judge(BigInt(message.offset), left);
    if (judgement.kind === 'isolate') {
      const record = rawRecord(topic.name, place.partition, message);
      const why = `the process died of it ${DEATHS} times when it was taken alone`;
      return this.isolate([{ record, code: 'crash_loop', why }]);
    }
    await this.options.notes?.noteSuspect(place, judgement.inHand);
    await this.handOver(topic, handler, place.partition, [message]);
  }

  private async handOver(
    topic: Topic,
    handler: Handler,
    partition: number,
    messages: readonly KafkaMessage[],
  ): Promise<void> {
    const events: ReceivedEvent[] = [];
    const poison: Poison[] = [];
    for (const message of messages) {
      const record = rawRecord(topic.name, partition, message);
      const decoded = decodeRecord(topic, record);
      if (decoded.kind === 'event') events.push(decoded.event);
      else poison.push({ record, code: decoded.code, why: decoded.why });
    }
    if (events.length > 0) {
      const result = await handler(events, { topic: topic.name, partition });
      if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
    }
    // After the handler: a batch that comes again puts its poison aside once, not once a second.
    await this.isolate(poison);
  }

  private async isolate(poison: readonly Poison[]): Promise<void> {
    for (const { record, code, why } of poison) {
      const { topic, partition, offset } = record;
      this.options.connection.log('error', `a record of ${topic} is poison (${code}): ${why}`, { partition, offset });
    }
    if (this.options.deadLetters) await putAside(this.options.deadLetters, this.options.group, poison);
  }
}
