import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readEnvironment, testConfig } from '#config';
import { type DeliveryId, type EmailId, type EventId, publicId, type TenantId } from '#domain';
import { deliverySentV1, emailStatusTopic } from '#events';
import { appendOutbox, type Database, newId, type OutboxEvent, readCursor } from '#storage';
import { eventually, openPinned, testDatabase, type TestDatabase, uniqueName } from '#testing';
import { connectKafka, type KafkaConnection } from './kafka/connect-kafka.js';
import { ensureTopics } from './kafka/ensure-topics.js';
import { createKafkaPublisher } from './kafka/kafka-publisher.js';
import { OutboxRelay } from './outbox-relay.js';
import type { Publisher } from './publisher.js';
import { rewindAfterLoss } from './rewind-after-loss.js';
import { KafkaReader } from './testing/kafka-reader.js';

const TOPICS = [emailStatusTopic];
const ONE = { partitions: 1, replication: 1 };
let database: TestDatabase;
let db: Database;
let connection: KafkaConnection;
let publisher: Publisher;
let relay: OutboxRelay;

beforeAll(async () => {
  database = await testDatabase();
  db = openPinned(database.url, 4);
}, 60_000);
beforeEach(async () => {
  const { TEST_KAFKA_BROKERS } = readEnvironment(testConfig);
  const settings = { brokers: [TEST_KAFKA_BROKERS], ssl: false, topicPrefix: `${uniqueName('loss')}.` };
  connection = connectKafka('spec', settings, () => undefined);
  await ensureTopics(connection, TOPICS, ONE);
  publisher = createKafkaPublisher({ connection, retries: 10 });
  relay = new OutboxRelay(db, publisher);
  for (const text of [
    'truncate outbox',
    `update relay_cursor set cluster = null, acknowledged = '{}', version = version + 1`,
  ])
    await db.query({ name: '', text, values: [] });
}, 60_000);
afterAll(async () => {
  await publisher.stop();
  await db.stop();
  await database.drop();
});

async function tell(count: number): Promise<string[]> {
  const events = Array.from({ length: count }, (): OutboxEvent => ({
    eventId: newId<EventId>(),
    tenantId: newId<TenantId>(),
    mode: 'test',
    topic: deliverySentV1.topic.name,
    key: publicId('delivery', newId<DeliveryId>()),
    type: deliverySentV1.type,
    eventVersion: 1,
    source: 'spec',
    actor: 'system',
    emailId: newId<EmailId>(),
    deliveryId: newId<DeliveryId>(),
    version: 1,
    data: '{}',
  }));
  await appendOutbox(db, events);
  return events.map(({ eventId }) => publicId('event', eventId));
}

/** Lets the relay work until so many events were published. */
async function relayed(count: number): Promise<string[]> {
  const losses: string[] = [];
  let published = 0;
  await eventually(async () => {
    const pass = await relay.pass();
    published += pass.published;
    if (pass.loss !== undefined) losses.push(pass.loss);
    expect(published).toBeGreaterThanOrEqual(count);
  }, 60_000);
  return losses;
}

/** What lies in Kafka now, once all of it is there. */
async function lying(ids: readonly string[]): Promise<void> {
  const reader = await KafkaReader.start(connection, emailStatusTopic, uniqueName('reader'));
  const idsNow = () => new Set(reader.messages.map(({ headers }) => headers?.['ce_id']?.toString()));
  await eventually(() => expect(ids.filter((id) => !idsNow().has(id))).toEqual([]), 15_000);
  await reader.stop();
}

/** As a broker whose data directory was emptied: the topics are gone, and made again. */
async function wipe(): Promise<void> {
  const admin = connection.kafka.admin();
  await admin.connect();
  const topics = TOPICS.map(({ name }) => connection.prefix + name);
  await admin.deleteTopics({ topics });
  await eventually(async () => expect(await admin.listTopics()).not.toEqual(expect.arrayContaining(topics)), 10_000);
  await eventually(() => ensureTopics(connection, TOPICS, ONE), 10_000);
  await admin.disconnect();
}

describe('brokers that lost their log', () => {
  it('get the facts of the last day again, those from before the loss, too', async () => {
    const before = await tell(20);
    await relayed(20);
    expect(await rewindAfterLoss(db, connection, TOPICS)).toBeNull();
    expect((await readCursor(db)).cluster).not.toBeNull();
    await wipe();
    expect(await rewindAfterLoss(db, connection, TOPICS)).toMatch(/ends at 0 and had acknowledged/);
    const after = await tell(5);
    await relayed(25);
    await lying([...before, ...after]);
    expect(await rewindAfterLoss(db, connection, TOPICS)).toBeNull();
  }, 60_000);

  it('and filled again before anybody looked are found out by the next send', async () => {
    const before = [...(await tell(5)), ...(await relayed(5))];
    before.push(...(await tell(5)));
    await relayed(5);
    await wipe();
    before.push(...(await tell(3)));
    expect(await relayed(13)).toEqual([expect.stringMatching(/goes on at 0/)]);
    await lying(before);
  }, 60_000);

  it('but only what is younger than a day, and never by going forward', async () => {
    await tell(3);
    await relayed(3);
    await db.query({ name: '', text: `update outbox set at = at - interval '2 days'`, values: [] });
    const young = await tell(2);
    await relayed(2);
    await wipe();
    await rewindAfterLoss(db, connection, TOPICS);
    await relayed(2);
    await lying(young);
    expect((await relay.pass()).published).toBe(0);

    // What was not published for days is not skipped.
    await wipe();
    const waiting = await tell(4);
    await db.query({ name: '', text: `update outbox set at = at - interval '3 days'`, values: [] });
    await rewindAfterLoss(db, connection, TOPICS);
    await relayed(4);
    await lying(waiting);
  }, 60_000);

  it('are told by their name', async () => {
    await rewindAfterLoss(db, connection, TOPICS);
    await db.query({ name: '', text: `update relay_cursor set cluster = 'another'`, values: [] });
    expect(await rewindAfterLoss(db, connection, TOPICS)).toMatch(/cluster was another and is/);
    expect(await rewindAfterLoss(db, connection, TOPICS)).toBeNull();
  }, 60_000);
});
