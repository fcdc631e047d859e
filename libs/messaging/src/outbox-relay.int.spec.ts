import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readEnvironment, testConfig } from '#config';
import { type DeliveryId, type EmailId, type EventId, type JobId, publicId, type TenantId } from '#domain';
import { deliverySentV1, emailStatusTopic } from '#events';
import { appendOutbox, type Database, newId, type OutboxEvent, type Queryable } from '#storage';
import { eventually, openPinned, testDatabase, type TestDatabase, uniqueName } from '#testing';
import { connectKafka, type KafkaConnection } from './kafka/connect-kafka.js';
import { ensureTopics } from './kafka/ensure-topics.js';
import { createKafkaPublisher } from './kafka/kafka-publisher.js';
import { OutboxRelay } from './outbox-relay.js';
import type { Publisher } from './publisher.js';
import { POSITION_HEADER } from './received-event.js';
import { KafkaReader } from './testing/kafka-reader.js';

const tenantId = newId<TenantId>();
let database: TestDatabase;
let db: Database;
let connection: KafkaConnection;
let publisher: Publisher;
let reader: KafkaReader;

beforeAll(async () => {
  const { TEST_KAFKA_BROKERS } = readEnvironment(testConfig);
  const settings = { brokers: [TEST_KAFKA_BROKERS], ssl: false, topicPrefix: `${uniqueName('relay')}.` };
  connection = connectKafka('spec', settings, () => undefined);
  database = await testDatabase();
  db = openPinned(database.url, 6);
  await ensureTopics(connection, [emailStatusTopic], { partitions: 3, replication: 1 });
  publisher = createKafkaPublisher({ connection, retries: 3 });
  reader = await KafkaReader.start(connection, emailStatusTopic, uniqueName('reader'));
}, 60_000);

afterAll(async () => {
  await Promise.all([reader.stop(), publisher.stop(), db.stop()]);
  await database.drop();
});

const anEvent = (deliveryId: DeliveryId, version: number): OutboxEvent => ({
  eventId: newId<EventId>(),
  tenantId,
  mode: 'test',
  topic: deliverySentV1.topic.name,
  key: publicId('delivery', deliveryId),
  type: deliverySentV1.type,
  eventVersion: 1,
  source: 'spec',
  actor: 'system',
  emailId: newId<EmailId>(),
  deliveryId,
  version,
  data: JSON.stringify({ version }),
});
const tell = (tx: Queryable, id: DeliveryId, ...versions: number[]) =>
  appendOutbox(
    tx,
    versions.map((version) => anEvent(id, version)),
  );

/** Every record has these and no others (interface 5). */
const HEADERS = [
  'ce_dataschema',
  'ce_id',
  'ce_mode',
  'ce_source',
  'ce_specversion',
  'ce_subject',
  'ce_tenantid',
  'ce_time',
  'ce_type',
  'content-type',
  POSITION_HEADER,
  'traceparent',
].toSorted();

/** Versions of a delivery as they lie in Kafka, doubles and all. */
const arrived = (id: DeliveryId): number[] =>
  reader.messages
    .filter(({ key }) => key?.toString() === publicId('delivery', id))
    .map(({ value }) => (JSON.parse(value?.toString() ?? '{}') as { version: number }).version);
const firsts = (versions: readonly number[]): number[] => [...new Set(versions)];

/** Lets relays work side by side until a reader has everything. */
async function relayUntil(relays: readonly OutboxRelay[], fact: () => void): Promise<void> {
  await eventually(async () => {
    await Promise.all(relays.map((relay) => relay.pass().catch(() => undefined)));
    fact();
  }, 9_000);
}

describe('the relay', () => {
  it('brings every event to Kafka, those of one delivery in the order of their versions', async () => {
    const ids = Array.from({ length: 50 }, () => newId<DeliveryId>());
    for (const version of [1, 2, 3]) await Promise.all(ids.map((id) => tell(db, id, version)));
    await relayUntil([new OutboxRelay(db, publisher)], () =>
      expect(ids.map(arrived)).toEqual(ids.map(() => [1, 2, 3])),
    );
    const [message] = reader.messages;
    expect(message?.headers?.['ce_type']?.toString()).toBe('io.mailtide.delivery.sent.v1');
    expect(Number(message?.headers?.[POSITION_HEADER]?.toString())).toBeGreaterThanOrEqual(0);
    expect(Object.keys(message?.headers ?? {}).toSorted()).toEqual(HEADERS);
  }, 60_000);

  it('names what an event is about: the delivery, the email, or the job that belongs to no email', async () => {
    const event = anEvent(newId<DeliveryId>(), 1);
    const emailId = newId<EmailId>();
    const jobId = newId<JobId>();
    await appendOutbox(db, [
      event,
      { ...event, eventId: newId(), emailId, deliveryId: null, key: publicId('email', emailId) },
      { ...event, eventId: newId(), emailId: null, deliveryId: null, jobId, key: publicId('job', jobId) },
    ]);
    const keys = [event.key, publicId('email', emailId), publicId('job', jobId)];
    const subjects = () =>
      reader.messages
        .filter(({ key }) => keys.includes(key?.toString() ?? ''))
        .map(({ headers }) => headers?.['ce_subject']?.toString());
    await relayUntil([new OutboxRelay(db, publisher)], () => expect(new Set(subjects())).toEqual(new Set(keys)));
  }, 60_000);

  it('continues the trace of the request that caused an event, and begins one where there was none', async () => {
    const [caused, alone] = [newId<DeliveryId>(), newId<DeliveryId>()];
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    await appendOutbox(db, [{ ...anEvent(caused, 1), traceparent }, anEvent(alone, 1)]);
    await relayUntil([new OutboxRelay(db, publisher)], () =>
      expect([arrived(caused), arrived(alone)]).toEqual([[1], [1]]),
    );
    const traceOf = (id: DeliveryId) =>
      reader.messages
        .find(({ key }) => key?.toString() === publicId('delivery', id))
        ?.headers?.['traceparent']?.toString();
    expect(traceOf(caused)).toMatch(/^00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-01$/);
    expect(traceOf(alone)).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
  }, 60_000);

  it('skips no transaction that commits late, although later ones were told before', async () => {
    const [late, punctual] = [newId<DeliveryId>(), newId<DeliveryId>()];
    const relay = new OutboxRelay(db, publisher);
    await db.transaction(async (tx) => {
      await tell(tx, late, 1);
      await tell(db, punctual, 1);
      for (let passes = 0; passes < 5; passes += 1) await relay.pass();
    });
    await relayUntil([relay], () => expect([arrived(late), arrived(punctual)]).toEqual([[1], [1]]));
  }, 60_000);

  it('side by side with another only doubles', async () => {
    const ids = Array.from({ length: 30 }, () => newId<DeliveryId>());
    const relays = [new OutboxRelay(db, publisher), new OutboxRelay(db, publisher)];
    for (const version of [1, 2, 3]) {
      await Promise.all(ids.map((id) => tell(db, id, version)));
      await Promise.all(relays.map((relay) => relay.pass()));
    }
    await relayUntil(relays, () => expect(ids.map((id) => firsts(arrived(id)))).toEqual(ids.map(() => [1, 2, 3])));
  }, 60_000);

  it('that dies between publishing and noting it only doubles', async () => {
    const id = newId<DeliveryId>();
    await tell(db, id, 1, 2);
    let deaths = 0;
    const dying: Publisher = {
      ...publisher,
      publish: async (records) => {
        await publisher.publish(records);
        deaths += 1;
        throw new Error('killed');
      },
    };
    const relay = new OutboxRelay(db, dying);
    await relayUntil([relay], () => expect(deaths).toBe(1));
    await relayUntil([new OutboxRelay(db, publisher)], () => expect(arrived(id)).toEqual([1, 2, 1, 2]));
  }, 60_000);

  it('tries again what Kafka refused', async () => {
    const id = newId<DeliveryId>();
    await tell(db, id, 1);
    let refusals = 2;
    const refusing: Publisher = {
      ...publisher,
      publish: (records) => {
        refusals -= 1;
        return refusals >= 0 ? Promise.reject(new Error('no leader')) : publisher.publish(records);
      },
    };
    await relayUntil([new OutboxRelay(db, refusing)], () => expect(arrived(id)).toEqual([1]));
  }, 60_000);
});
