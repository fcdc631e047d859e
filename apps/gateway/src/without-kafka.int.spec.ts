import { once } from 'node:events';
import { get } from 'node:http';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTransport } from 'nodemailer';
import { gatewayConfig, kafkaSettings, readEnvironment, testConfig } from '#config';
import { TOPICS } from '#events';
import { connectKafka, ensureTopics } from '#messaging';
import { createLog, createMetrics } from '#telemetry';
import { eventually, freePorts, testDatabase, uniqueName } from '#testing';
import { type RunningGateway, startGateway } from './start-gateway.js';

const log = createLog({ app: 'gateway', level: 'silent', pretty: false });
const sockets = new Set<Socket>();

let wayToKafka: Server;
let kafkaPort: number;
let url: string;
let smtpPort: number;
let starting: Promise<RunningGateway>;
let isStarted = false;

beforeAll(async () => {
  const { TEST_KAFKA_BROKERS: brokers } = readEnvironment(testConfig);
  const [database, ports] = await Promise.all([testDatabase(), freePorts(3)]);
  const [httpPort = 0, secondPort = 0, thirdPort = 0] = ports;
  [smtpPort, kafkaPort] = [secondPort, thirdPort];
  url = `http://127.0.0.1:${httpPort}`;
  const environment = {
    DATABASE_URL: database.url,
    KAFKA_TOPIC_PREFIX: uniqueName('without-kafka-'),
    GATEWAY_PORT: String(httpPort),
    SANDBOX_SMTP_PORT: String(smtpPort),
    UNSAFE_POSTGRES: '1',
  };
  const there = readEnvironment(gatewayConfig, { ...environment, KAFKA_BROKERS: brokers });
  await ensureTopics(
    connectKafka('spec', kafkaSettings(there), () => {}),
    TOPICS,
    { partitions: 1, replication: 1 },
  );
  wayToKafka = wayTo(brokers.split(',')[0] ?? '');
  const away = readEnvironment(gatewayConfig, { ...environment, KAFKA_BROKERS: `127.0.0.1:${kafkaPort}` });
  starting = startGateway({ config: away, log, ...createMetrics('gateway') });
  void starting.then(() => (isStarted = true));
}, 60_000);

afterAll(async () => {
  await (await starting).stop();
  for (const socket of sockets) socket.destroy();
  wayToKafka.close();
});

/** A server that passes everything on, once it listens. */
function wayTo(broker: string): Server {
  const [host = '', port = ''] = broker.split(':');
  return createServer((near) => {
    const far = connect(Number(port), host);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
    }
    near.pipe(far).pipe(near);
  });
}

const status = async (path: string): Promise<number> => (await fetch(url + path)).status;

/** What a socket's handshake is answered: 101 is a socket. */
const handshake = (): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const headers = {
      connection: 'upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    };
    const request = get(`${url}/socket.io/?EIO=4&transport=websocket`, { headers }, ({ statusCode }) =>
      resolve(statusCode),
    );
    request.on('upgrade', ({ statusCode }, socket) => {
      socket.destroy();
      resolve(statusCode);
    });
    request.on('error', reject);
  });

describe('a gateway that starts while Kafka is away', () => {
  it('lives, is not ready, and says so', async () => {
    await eventually(async () => expect(await status('/health/live')).toBe(200), 20_000);
    expect(await status('/health/ready')).toBe(503);
    expect(isStarted).toBe(false);
  });

  it('takes mail and shows it', async () => {
    const mail = { from: 'bob@example.com', to: 'ada@x.test', subject: 'Hi', text: 'It works' };
    await eventually(async () => {
      const transport = createTransport({ host: '127.0.0.1', port: smtpPort, secure: false, ignoreTLS: true });
      await transport.sendMail(mail);
    }, 5_000);
    const inbox = await fetch(`${url}/v1/sandbox/messages?to=ada@x.test`);
    expect(await inbox.json()).toMatchObject({ data: [{ subject: 'Hi' }] });
    expect(isStarted).toBe(false);
  });

  it('lets no socket in that would miss what happens', async () => expect(await handshake()).toBe(503));

  it('is started when Kafka is back', async () => {
    wayToKafka.listen(kafkaPort, '127.0.0.1');
    await once(wayToKafka, 'listening');
    await starting;
    await eventually(async () => expect(await status('/health/ready')).toBe(200), 10_000);
    expect(await handshake()).toBe(101);
  }, 60_000);
});
