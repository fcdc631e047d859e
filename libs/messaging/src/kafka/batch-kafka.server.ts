import { setTimeout as pause } from 'node:timers/promises';
import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import type { Consumer, EachBatchPayload } from 'kafkajs';
import type { Topic } from '#events';
import type { ConsumerProgress } from '../consumer-progress.js';
import type { DeadLetterOffice } from '../dead-letters.js';
import { BroadcastPositions } from './broadcast-positions.js';
import { commitBatch } from './commit-batch.js';
import type { KafkaConnection } from './connect-kafka.js';
import { ProgressNotes } from './progress-notes.js';
import { type Handler, TakeOver } from './take-over.js';

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

const SESSION_MS = 6_000;
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
  private readonly takeOver: TakeOver;

  constructor(private readonly options: BatchKafkaOptions) {
    super();
    this.notes = options.progress && new ProgressNotes(options.progress);
    this.takeOver = new TakeOver({ ...options, notes: this.notes });
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
      if (!(await this.takeOver.run(topic, handler, payload))) return;
    } finally {
      clearInterval(pulse);
    }
    if (this.positions) this.positions.advance(payload);
    else await commitBatch(payload);
  }
}
