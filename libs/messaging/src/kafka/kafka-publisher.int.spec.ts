import { afterEach, describe, expect, it } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { readEnvironment, testConfig } from '#config';
import { emailSchedulingTopic } from '#events';
import { eventually, uniqueName } from '#testing';
import { KafkaReader } from '../testing/kafka-reader.js';
import { aCancelled } from '../testing/records.js';
import { connectKafka } from './connect-kafka.js';
import { ensureTopics } from './ensure-topics.js';
import { createKafkaPublisher } from './kafka-publisher.js';

const { TEST_KAFKA_BROKERS } = readEnvironment(testConfig);
const open = new Set<Socket>();
let gate: Server | undefined;

afterEach(() => {
  for (const socket of open) socket.destroy();
  gate?.close();
});

/** A way to the broker that opens when the spec says so. */
async function openGate(port: number): Promise<number> {
  const [host, brokerPort] = TEST_KAFKA_BROKERS.split(':');
  const server = createServer((near) => {
    const far = connect(Number(brokerPort), host);
    for (const socket of [near, far]) open.add(socket.on('error', () => undefined));
    near.pipe(far).pipe(near);
  });
  gate = server;
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address ? address.port : port;
}

describe('a publisher', () => {
  it('that could not start tries again with the next record', async () => {
    const settings = { brokers: [TEST_KAFKA_BROKERS], ssl: false, topicPrefix: `${uniqueName('publisher')}.` };
    const direct = connectKafka('spec', settings, () => undefined);
    await ensureTopics(direct, [emailSchedulingTopic], { partitions: 1, replication: 1 });
    const port = await openGate(0);
    await new Promise((closed) => gate?.close(closed));
    const kafka = new Kafka({ brokers: [`127.0.0.1:${port}`], retry: { retries: 0 }, logLevel: logLevel.NOTHING });
    const publisher = createKafkaPublisher({ connection: { ...direct, kafka }, retries: 0 });

    await expect(publisher.start()).rejects.toThrow(/connect/i);
    await expect(publisher.publish([aCancelled(1)])).rejects.toThrow(/connect/i);
    await openGate(port);
    await publisher.publish([aCancelled(2)]);
    await publisher.publish([]);

    const reader = await KafkaReader.start(direct, emailSchedulingTopic, uniqueName('reader'));
    await eventually(() => expect(reader.messages.map(({ key }) => key?.toString())).toEqual(['key-2']), 5_000);
    await publisher.stop();
    await publisher.stop();
    await reader.stop();
  }, 60_000);
});
