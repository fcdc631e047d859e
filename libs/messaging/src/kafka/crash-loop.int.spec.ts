import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readEnvironment, testConfig } from '#config';
import type { ProcessId } from '#domain';
import { emailDeadLetterTopic, emailSchedulingTopic } from '#events';
import { ConsumerProgressNotes, Database, newId } from '#storage';
import { eventually, testDatabase, type TestDatabase, uniqueName } from '#testing';
import type { Poison } from '../dead-letters.js';
import type { Publisher } from '../publisher.js';
import type { ReceivedEvent } from '../received-event.js';
import { KafkaReader } from '../testing/kafka-reader.js';
import { aCancelled } from '../testing/records.js';
import { BatchKafkaServer } from './batch-kafka.server.js';
import { connectKafka, type KafkaConnection } from './connect-kafka.js';
import { ensureTopics } from './ensure-topics.js';
import { createKafkaPublisher } from './kafka-publisher.js';

const { TEST_KAFKA_BROKERS } = readEnvironment(testConfig);
const WITHIN_MS = 9_000;

let database: TestDatabase;
let db: Database;
let connection: KafkaConnection;
let publisher: Publisher;
const group = uniqueName('group');
const kept: Poison[] = [];

beforeAll(async () => {
  database = await testDatabase();
  const pool = { url: database.url, application: 'spec', maxConnections: 4, onIdleError: () => undefined };
  db = new Database({ ...pool, plans: 'pinned', role: 'mt_worker' });
  const kafka = { brokers: [TEST_KAFKA_BROKERS], ssl: false, topicPrefix: `${uniqueName('crash')}.` };
  connection = connectKafka('spec', kafka, () => undefined);
  publisher = createKafkaPublisher({ connection, retries: 3 });
  await ensureTopics(connection, [emailSchedulingTopic, emailDeadLetterTopic], { partitions: 1, replication: 1 });
}, 60_000);

afterAll(async () => {
  await publisher.stop();
  await db.stop();
  await database.drop();
});

/** A process that takes batches, and dies of one record: it commits nothing more and takes back none of its notes. */
async function live(deadly: number): Promise<{ taken: number[][]; died: Promise<void>; stop: () => Promise<void> }> {
  const notes = new ConsumerProgressNotes(db, newId<ProcessId>());
  const taken: number[][] = [];
  let isDead = false;
  let die = (): void => undefined;
  const death = new Promise<void>((resolve) => (die = resolve));
  const server = new BatchKafkaServer({
    connection,
    group,
    topics: [emailSchedulingTopic],
    from: 'beginning',
    deadLetters: { publisher, keep: async (poison) => (kept.push(poison), newId()) },
    progress: {
      left: (place) => notes.left(place),
      note: async (place, inHand) => (isDead ? undefined : notes.note(place, inHand)),
      forget: async (place) => (isDead ? undefined : notes.forget(place)),
    },
  });
  const handle = async (events: readonly ReceivedEvent[]): Promise<void> => {
    if (isDead) throw new Error('dead');
    const versions = events.map(({ data }) => (data as { version: number }).version);
    taken.push(versions);
    if (!versions.includes(deadly)) return;
    isDead = true;
    die();
    throw new Error('dead');
  };
  server.addHandler(emailSchedulingTopic.name, handle, true);
  await new Promise<void>((joined) => void server.listen(() => joined()));
  return { taken, died: death.then(() => server.close()), stop: () => server.close() };
}

it('a record that kills whoever takes it is put aside after its third death alone, and no other is lost', async () => {
  const versions = [1, 2, 3, 4, 5];
  await publisher.publish(versions.map((version) => aCancelled(version, 'one key')));
  const lives: number[][][] = [];
  for (let deaths = 0; deaths < 4; deaths += 1) {
    const one = await live(3);
    await one.died;
    lives.push(one.taken);
  }
  expect(lives).toEqual([[[1, 2, 3, 4, 5]], [[1], [2], [3]], [[3]], [[3]]]);

  const last = await live(3);
  await eventually(() => expect(last.taken).toEqual([[4], [5]]), WITHIN_MS);
  const more = [6, 7, 8];
  await publisher.publish(more.map((version) => aCancelled(version, 'one key')));
  await eventually(() => expect(last.taken.flat()).toEqual([4, 5, ...more]), WITHIN_MS);
  await last.stop();

  expect(kept).toMatchObject([{ code: 'crash_loop', record: { topic: emailSchedulingTopic.name, offset: '2' } }]);
  const reader = await KafkaReader.start(connection, emailDeadLetterTopic, uniqueName('reader'));
  await eventually(() => expect(reader.messages).toHaveLength(1), WITHIN_MS);
  const [letter] = reader.messages;
  expect(JSON.parse(String(letter?.value))).toMatchObject({ version: 3 });
  expect(Object.entries(letter?.headers ?? {}).map(([name, value]) => [name, String(value)])).toEqual(
    expect.arrayContaining([
      ['x-error-code', 'crash_loop'],
      ['x-original-offset', '2'],
      ['x-attempts', '3'],
    ]),
  );
  await reader.stop();
  const rest = { name: 'rest', text: 'select from consumer_progress', values: [] };
  expect((await db.query(rest)).rowCount).toBe(0);
}, 60_000);
