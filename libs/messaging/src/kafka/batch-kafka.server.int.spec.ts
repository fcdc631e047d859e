import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readEnvironment, testConfig } from '#config';
import { emailDeadLetterTopic, emailSchedulingTopic } from '#events';
import { newId } from '#storage';
import { eventually, uniqueName } from '#testing';
import type { Poison } from '../dead-letters.js';
import type { Publisher } from '../publisher.js';
import type { ReceivedEvent } from '../received-event.js';
import { KafkaReader } from '../testing/kafka-reader.js';
import { aCancelled, aPoison } from '../testing/records.js';
import { BatchKafkaServer } from './batch-kafka.server.js';
import { connectKafka, type KafkaConnection, type KafkaLog } from './connect-kafka.js';
import { ensureTopics } from './ensure-topics.js';
import { createKafkaPublisher } from './kafka-publisher.js';

const { TEST_KAFKA_BROKERS } = readEnvironment(testConfig);
const PARTITIONS = 2;
const WITHIN_MS = 9_000;
const TIMEOUT_MS = 20_000;

const connectionOf = (prefix: string, log: KafkaLog = () => undefined): KafkaConnection =>
  connectKafka('spec', { brokers: [TEST_KAFKA_BROKERS], ssl: false, topicPrefix: prefix }, log);
const topicsOf = (connection: KafkaConnection) =>
  ensureTopics(connection, [emailSchedulingTopic, emailDeadLetterTopic], { partitions: PARTITIONS, replication: 1 });
const versionOf = ({ data }: ReceivedEvent) => (data as { version: number }).version;

let connection: KafkaConnection;
let publisher: Publisher;
let group: string;
const kept: Poison[] = [];
const servers: BatchKafkaServer[] = [];

beforeAll(async () => {
  connection = connectionOf(`${uniqueName('batch')}.`);
  publisher = createKafkaPublisher({ connection, retries: 3 });
  await topicsOf(connection);
}, TIMEOUT_MS);

beforeEach(() => {
  group = uniqueName('group');
});

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
}, TIMEOUT_MS);

afterAll(() => publisher.stop());

type Handle = (batch: readonly number[]) => Promise<void>;

/** A consumer of the group that hands the versions of each batch over; resolved when it has joined. */
async function consume(handle: Handle, from = connection): Promise<BatchKafkaServer> {
  const server = new BatchKafkaServer({
    connection: from,
    group,
    topics: [emailSchedulingTopic],
    from: 'beginning',
    deadLetters: { publisher, keep: async (poison) => (kept.push(poison), newId()) },
  });
  servers.push(server);
  server.addHandler(
    emailSchedulingTopic.name,
    async (events: readonly ReceivedEvent[]) => handle(events.map(versionOf)),
    true,
  );
  await new Promise<void>((joined) => void server.listen(() => joined()));
  return server;
}

let lastVersion = 0;
const fresh = (count: number): number[] => Array.from({ length: count }, () => (lastVersion += 1));
const publish = (versions: readonly number[], key?: string) =>
  publisher.publish(versions.map((version) => aCancelled(version, key)));

describe('a consumer', () => {
  it(
    'hands over whole batches, in the order of their keys',
    async () => {
      const batches: (readonly number[])[] = [];
      const versions = fresh(100);
      await publish(versions, 'one key');
      await consume(async (batch) => void batches.push(batch));
      await eventually(() => expect(batches.flat()).toEqual(expect.arrayContaining(versions)), WITHIN_MS);
      const seen = batches.flat().filter((version) => versions.includes(version));
      expect(seen).toEqual(versions);
      expect(batches.length).toBeLessThan(20);
    },
    TIMEOUT_MS,
  );

  it(
    'commits what was handed over: who comes next begins behind it',
    async () => {
      const first: number[] = [];
      const one = await consume(async (batch) => void first.push(...batch));
      const before = fresh(10);
      await publish(before);
      await eventually(() => expect(first).toEqual(expect.arrayContaining(before)), WITHIN_MS);
      await one.close();
      const second: number[] = [];
      await consume(async (batch) => void second.push(...batch));
      const after = fresh(5);
      await publish(after);
      await eventually(() => expect(second.toSorted((a, b) => a - b)).toEqual(after), WITHIN_MS);
    },
    TIMEOUT_MS,
  );

  it(
    'gets a batch again that its handler could not take, and loses none',
    async () => {
      const versions = fresh(10);
      const tries: (readonly number[])[] = [];
      await publish(versions);
      await consume(async (batch) => {
        tries.push(batch);
        if (tries.length === 1) throw new Error('database away');
      });
      await eventually(() => expect(tries.slice(1).flat()).toEqual(expect.arrayContaining(versions)), WITHIN_MS);
    },
    TIMEOUT_MS,
  );

  it(
    'shares the partitions with a second member',
    async () => {
      const [one, two]: [number[], number[]] = [[], []];
      await consume(async (batch) => void one.push(...batch));
      await consume(async (batch) => void two.push(...batch));
      await eventually(async () => {
        await publish(fresh(20));
        expect(Math.min(one.length, two.length)).toBeGreaterThan(0);
      }, WITHIN_MS);
    },
    TIMEOUT_MS,
  );

  it(
    'that is closed waits for the batch in hand',
    async () => {
      const log: string[] = [];
      let begun = (): void => undefined;
      let finish = (): void => undefined;
      const inHand = new Promise<void>((resolve) => (begun = resolve));
      const ending = new Promise<void>((resolve) => (finish = resolve));
      await publish(fresh(1));
      const server = await consume(async () => {
        begun();
        await ending;
        log.push('batch');
      });
      await inHand;
      const closed = server.close().then(() => log.push('closed'));
      finish();
      await closed;
      expect(log.at(-1)).toBe('closed');
      expect(log).toContain('batch');
      expect(server.isReady).toBe(false);
    },
    TIMEOUT_MS,
  );
});

describe('poison', () => {
  it(
    'goes to the dead letters, bytes untouched, with where it came from; the records behind it are handled',
    async () => {
      const seen: number[] = [];
      const behind = fresh(3);
      await publisher.publish([aPoison('{not json'), ...behind.map((version) => aCancelled(version, 'poison'))]);
      await consume(async (batch) => void seen.push(...batch));
      await eventually(() => expect(seen).toEqual(expect.arrayContaining(behind)), WITHIN_MS);
      const reader = await KafkaReader.start(connection, emailDeadLetterTopic, uniqueName('reader'));
      const letter = await eventually(() => {
        const [found] = reader.messages.filter(({ headers }) => headers?.['x-consumer-group']?.toString() === group);
        if (!found) throw new Error('no dead letter yet');
        return found;
      }, WITHIN_MS);
      expect([letter.key?.toString(), letter.value?.toString()]).toEqual(['poison', '{not json']);
      const headers = Object.fromEntries(
        Object.entries(letter.headers ?? {}).map(([name, value]) => [name, String(value)]),
      );
      expect(headers).toMatchObject({
        'x-original-topic': emailSchedulingTopic.name,
        'x-original-partition': expect.stringMatching(/^\d+$/),
        'x-original-offset': expect.stringMatching(/^\d+$/),
        'x-error-code': 'unreadable',
        'x-attempts': '1',
        ce_type: 'io.mailtide.email.cancelled.v1',
      });
      const [row] = kept.filter(({ record }) => record.offset === headers['x-original-offset']);
      expect(row).toMatchObject({ code: 'unreadable', record: { value: Buffer.from('{not json') } });
      expect(row?.record.headers()).toMatchObject({ ce_type: 'io.mailtide.email.cancelled.v1' });
      await reader.stop();
    },
    TIMEOUT_MS,
  );

  it(
    'is put aside once, although the handler needs several tries',
    async () => {
      const value = uniqueName('{not json');
      const versions = fresh(1);
      await publisher.publish([aPoison(value), ...versions.map((version) => aCancelled(version, 'poison'))]);
      let tries = 0;
      const seen: number[] = [];
      await consume(async (batch) => {
        tries += 1;
        if (tries <= 2) throw new Error('database away');
        seen.push(...batch);
      });
      await eventually(() => expect(seen).toEqual(expect.arrayContaining(versions)), WITHIN_MS);
      const reader = await KafkaReader.start(connection, emailDeadLetterTopic, uniqueName('reader'));
      const letters = () => reader.messages.filter((message) => message.value?.toString() === value);
      await eventually(() => expect(letters()).not.toEqual([]), WITHIN_MS);
      expect(letters()).toHaveLength(1);
      await reader.stop();
    },
    TIMEOUT_MS,
  );
});

describe('a topic that is missing', () => {
  it(
    'is consumed as soon as somebody makes it',
    async () => {
      const log: string[] = [];
      const late = connectionOf(`${uniqueName('late')}.`, (_level, _text, details) =>
        log.push(JSON.stringify(details)),
      );
      const seen: number[] = [];
      const started = consume(async (batch) => void seen.push(...batch), late);
      await eventually(() => expect(log.join()).toContain('does not host this topic'), WITHIN_MS);
      await topicsOf(late);
      await started;
      const own = createKafkaPublisher({ connection: late, retries: 3 });
      const versions = fresh(2);
      await own.publish(versions.map((version) => aCancelled(version)));
      await eventually(() => expect(seen.toSorted((a, b) => a - b)).toEqual(versions), WITHIN_MS);
      await own.stop();
    },
    TIMEOUT_MS,
  );
});
