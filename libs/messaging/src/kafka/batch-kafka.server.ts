import { setTimeout as pause } from 'node:timers/promises';
import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import type { Consumer, EachBatchPayload, IHeaders, KafkaMessage } from 'kafkajs';
import { isObservable, lastValueFrom } from 'rxjs';
import type { Topic } from '#events';
import type { ConsumerProgress, InHand, Place } from '../consumer-progress.js';
import { type DeadLetterOffice, type Poison, putAside } from '../dead-letters.js';
import { decodeRecord, type RawRecord, type ReceivedEvent } from '../received-event.js';
import { BroadcastPositions } from './broadcast-positions.js';
import type { KafkaConnection } from './connect-kafka.js';
import { ProgressNotes } from './progress-notes.js';
import { DEATHS, judge, partBatch, together } from './suspects.js';

export interface BatchKafkaOptions {
  readonly connection: KafkaConnection;
  readonly group: string;
  /** Which topics of the controllers this consumer reads; an app may have several, so that lanes cannot block each other. */
  readonly topics: readonly Topic[];
  /** `beginning`: a group without offsets replays rather than skips. `end`: a broadcast group that only wants what comes. */
  readonly from: 'beginning' | 'end';
  /** Where poison goes; null in broadcast groups, where every replica would put it aside again. */
  readonly deadLetters: DeadLetterOffice | null;
  /** Where it is remembered what is in hand, so that a record that kills its process is put aside. Without: nobody counts. */
  readonly progress?: ConsumerProgress;
}

type Handler = (events: readonly ReceivedEvent[], context: unknown) => Promise<unknown>;

const SESSION_MS = 10_000;
const BEAT_MS = 1_000;
const RESTART_MS = 1_000;
/** Taking a batch over is done within moments; saying goodbye to a broker that is away would take minutes. */
const LEAVE_MS = 15_000;
const LEAVE_UNJOINED_MS = 2_000;
const MAX_WAIT_MS = 250; // an idle broker answers a fetch after this; one with data answers at once
const PARTITIONS_AT_ONCE = 8;

/**
 * Kafka transport for `@OnBatch` methods: whole batches, committed when the method has taken them over.
 * (Nest's own transport takes one record at a time, and a handler that throws blocks its partition for ever.)
 * A consumer that crashed is replaced, for ever: the process is not ready meanwhile.
 */
export class BatchKafkaServer extends Server implements CustomTransportStrategy {
  private consumer: Consumer | undefined;
  private restart: NodeJS.Timeout | undefined;
  private stopping = false;
  private joined = false;
  private positions: BroadcastPositions | undefined;
  private onFirstJoin: (() => void) | undefined;
  private readonly notes: ProgressNotes | undefined;

  constructor(private readonly options: BatchKafkaOptions) {
    super();
    this.notes = options.progress && new ProgressNotes(options.progress);
  }

  /** Whether the consumer is a member of its group now. */
  get isReady(): boolean {
    return this.joined && !this.stopping;
  }

  /** Done when the group is joined for the first time, however long Kafka is away. */
  async listen(done: (error?: unknown) => void): Promise<void> {
    this.onFirstJoin = () => done();
    this.begin();
  }

  /** Stops fetching and waits for the batches in hand. */
  async close(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.restart);
    // A client that has not joined has nothing in hand, and goes on connecting for minutes while no broker answers.
    const leaveMs = this.joined ? LEAVE_MS : LEAVE_UNJOINED_MS;
    await Promise.race([this.consumer?.disconnect(), pause(leaveMs, undefined, { ref: false })]);
    await this.notes?.forgetAll();
  }

  on(): never {
    throw new Error('BatchKafkaServer has no events of its own');
  }

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- Nest's signature
  unwrap<T>(): T {
    return this.consumer as T;
  }

  private begin(): void {
    const consumer = this.createConsumer();
    this.consumer = consumer;
    this.consume(consumer).catch((error: Error) => this.startAgain(consumer, error));
  }

  private createConsumer(): Consumer {
    const { connection, group } = this.options;
    return connection.kafka.consumer({
      groupId: connection.prefix + group,
      allowAutoTopicCreation: false,
      sessionTimeout: SESSION_MS,
      rebalanceTimeout: SESSION_MS,
      heartbeatInterval: BEAT_MS,
      maxWaitTimeInMs: MAX_WAIT_MS,
      maxBytesPerPartition: 1 << 20,
      retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 10, restartOnFailure: async () => false },
    });
  }

  private async consume(consumer: Consumer): Promise<void> {
    const { connection, topics, from } = this.options;
    consumer.on('consumer.group_join', () => {
      this.joined = true;
      // Each time: nothing is committed, and a member that was thrown out would begin again at the end.
      this.positions?.apply(consumer);
      this.notes?.rejoined();
      this.onFirstJoin?.();
      this.onFirstJoin = undefined;
    });
    consumer.on('consumer.crash', ({ payload }) => this.startAgain(consumer, payload.error));
    if (from === 'end') this.positions ??= await BroadcastPositions.atEnd(connection, topics);
    await consumer.connect();
    await consumer.subscribe({
      topics: topics.map(({ name }) => connection.prefix + name),
      fromBeginning: from === 'beginning',
    });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
      eachBatch: (payload) => this.work(payload),
    });
  }

  private startAgain(crashed: Consumer, error: Error): void {
    if (this.stopping || this.consumer !== crashed) return;
    this.joined = false;
    this.options.connection.log('error', `consumer of ${this.options.group} crashed; starting another`, { err: error });
    crashed.disconnect().catch(() => undefined);
    clearTimeout(this.restart);
    this.restart = setTimeout(() => this.begin(), RESTART_MS);
  }

  private async work(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const topic = this.options.topics.find(({ name }) => this.options.connection.prefix + name === batch.topic);
    const handler = topic && (this.messageHandlers.get(topic.name) as Handler | undefined);
    if (!topic || !handler) throw new Error(`nothing handles the topic ${batch.topic}`); // subscribed by us: a bug
    // Work in hand must not cost the membership. A rebalance makes the beat throw: not poison, not our concern here.
    const pulse = setInterval(() => void payload.heartbeat().catch(() => undefined), BEAT_MS);
    try {
      if (!(await this.takeOver(topic, handler, payload))) return;
    } finally {
      clearInterval(pulse);
    }
    if (this.positions) this.positions.advance(payload);
    else await commit(payload);
  }

  /** Whole, but for what the last owner of the partition may have died of. false: the rest is somebody else's now. */
  private async takeOver(topic: Topic, handler: Handler, payload: EachBatchPayload): Promise<boolean> {
    const { partition, messages } = payload.batch;
    const place: Place = { group: this.options.group, topic: topic.name, partition };
    const left = await this.notes?.left(place);
    const { before, alone, after } = partBatch(messages, left);
    await this.takeTogether(topic, handler, place, before);
    if (left) {
      for (const message of alone) {
        await this.takeAlone(topic, handler, place, message, left);
        // One by one: the next death must begin where this one was survived.
        await commit(payload, message.offset);
        if (!payload.isRunning() || payload.isStale()) return false;
      }
      const isBehind = after.length > 0 || alone.at(-1)?.offset === String(left.last);
      if (isBehind) await this.notes?.cleared(place);
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
    await this.notes?.noteBatch(place, together(BigInt(first.offset), BigInt(last.offset)));
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
    await this.notes?.noteSuspect(place, judgement.inHand);
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

/** The batch is done, up to here. After a rebalance the commit is refused: then its new owner has it, too, and does no harm. */
async function commit(payload: EachBatchPayload, offset = payload.batch.lastOffset()): Promise<void> {
  const { batch } = payload;
  if (!payload.isRunning() || payload.isStale()) return;
  payload.resolveOffset(offset);
  const next = String(BigInt(offset) + 1n);
  await payload.commitOffsetsIfNecessary({
    topics: [{ topic: batch.topic, partitions: [{ partition: batch.partition, offset: next }] }],
  });
}

const rawRecord = (topic: string, partition: number, message: KafkaMessage): RawRecord => ({
  topic,
  partition,
  offset: message.offset,
  timestamp: message.timestamp,
  key: message.key,
  value: message.value,
  header: (name) => headerText(message.headers, name),
  headers: () =>
    Object.fromEntries(
      Object.keys(message.headers ?? {}).map((name) => [name, headerText(message.headers, name) ?? '']),
    ),
});

function headerText(headers: IHeaders | undefined, name: string): string | undefined {
  const value = headers?.[name];
  const first = Array.isArray(value) ? value[0] : value;
  return first === undefined ? undefined : first.toString();
}
