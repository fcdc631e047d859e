import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kafkaSettings, readEnvironment, testConfig } from '#config';
import { TOPICS } from '#events';
import { connectKafka, ensureTopics } from '#messaging';
import { testDatabase } from '../test-database.js';
import { uniqueName } from '../unique-name.js';
import { Api } from './api.js';
import { AppProcess } from './app-process.js';
import { Inbox } from './inbox.js';
import { Realtime } from './realtime.js';

export const APPS = ['scheduler', 'poller', 'sender', 'gateway'] as const;
export type AppName = (typeof APPS)[number];

export interface MailtideOptions {
  /** Variables for all apps, over those of the tests. */
  readonly env?: Readonly<Record<string, string>>;
  /** How many senders share the work; 1 if not given. `app('sender')` is the first of them. */
  readonly senders?: number;
}

/** A whole Mailtide of one test: four processes over real servers, with a database, topics and an inbox of its own. */
export interface Mailtide {
  readonly databaseUrl: string;
  /** Before every topic and group name. */
  readonly topicPrefix: string;
  readonly apiUrl: string;
  readonly gatewayUrl: string;
  readonly smtpPort: number;
  /** The scheduler's REST face, without a key. */
  readonly api: Api;
  /** The gateway's REST face, without a key. */
  readonly gateway: Api;
  readonly inbox: Inbox;
  /** A socket.io client at the gateway. */
  readonly realtime: (options?: Parameters<typeof Realtime.connect>[1]) => Promise<Realtime>;
  readonly app: (name: AppName) => AppProcess;
  /** Where the apps' lines are. */
  readonly logs: string;
  readonly stop: () => Promise<void>;
}

/** Waiting times short enough for tests; the rules are the same. */
const TEST_TIMINGS = {
  GRANT_SECONDS: '6',
  SILENT_SECONDS: '4',
  HOLD_SECONDS: '2',
  BREAKER_SECONDS: '1',
  RETRY_SECONDS: '0.5,1,2',
};

/** Built by `npm test` before the journeys begin. */
const DIST = fileURLToPath(new URL('../../../../dist/apps/', import.meta.url));

export async function startMailtide({ env = {}, senders = 1 }: MailtideOptions = {}): Promise<Mailtide> {
  const { TEST_KAFKA_BROKERS: brokers } = readEnvironment(testConfig);
  const database = await testDatabase();
  const prefix = `${uniqueName('journey')}.`;
  await makeTopics(brokers, prefix);
  const [scheduler, gateway, poller, sender, smtp] = await freePorts(5);
  const shared = {
    DATABASE_URL: database.url,
    KAFKA_BROKERS: brokers,
    KAFKA_TOPIC_PREFIX: prefix,
    UNSAFE_POSTGRES: '1',
    HOST: '127.0.0.1',
    AUTH_MODE: 'dev',
    SECRET_KEY: randomBytes(32).toString('base64'),
    API_RATE: 'off',
    LOG_LEVEL: 'info',
    LOG_PRETTY: '0',
    SCHEDULER_PORT: String(scheduler),
    GATEWAY_PORT: String(gateway),
    POLLER_PORT: String(poller),
    SENDER_PORT: String(sender),
    SANDBOX_SMTP_PORT: String(smtp),
    PUBLIC_URL: `http://localhost:${scheduler}`,
    GATEWAY_URL: `http://localhost:${gateway}`,
    INSTANCE_EXCLUSIVE: '1',
    ...TEST_TIMINGS,
    ...env,
  };
  const logs = mkdtempSync(join(tmpdir(), 'mailtide-journey-'));
  const apps = new Map(
    APPS.map((name) => [
      name,
      new AppProcess({
        name,
        main: join(DIST, name, 'src/main.js'),
        env: { ...shared, INSTANCE_NAME: `${name}-0` },
        logPath: join(logs, `${name}.log`),
      }),
    ]),
  );
  const ports = await freePorts(senders - 1);
  const others = ports.map((port, i) => {
    const name = `sender-${i + 1}`;
    return new AppProcess({
      name,
      main: join(DIST, 'sender', 'src/main.js'),
      env: { ...shared, SENDER_PORT: String(port), INSTANCE_NAME: name },
      logPath: join(logs, `${name}.log`),
    });
  });
  const all = [...apps.values(), ...others];
  await Promise.all(all.map((app) => app.start()));
  const gatewayFace = new Api(shared.GATEWAY_URL);
  return {
    databaseUrl: database.url,
    topicPrefix: prefix,
    apiUrl: shared.PUBLIC_URL,
    gatewayUrl: shared.GATEWAY_URL,
    smtpPort: smtp ?? 0,
    api: new Api(shared.PUBLIC_URL),
    gateway: gatewayFace,
    inbox: new Inbox(gatewayFace),
    realtime: (options) => Realtime.connect(shared.GATEWAY_URL, options),
    app: (name) => apps.get(name) ?? unknown(name),
    logs,
    stop: async () => {
      await Promise.all(all.map((app) => app.end('SIGTERM')));
      await database.drop();
    },
  };
}

function unknown(name: string): never {
  throw new Error(`there is no app ${name}`);
}

async function makeTopics(brokers: string, prefix: string): Promise<void> {
  const settings = kafkaSettings({
    KAFKA_BROKERS: brokers.split(','),
    KAFKA_SSL: false,
    KAFKA_TOPIC_PREFIX: prefix,
    KAFKA_SASL_MECHANISM: undefined,
    KAFKA_SASL_USERNAME: undefined,
    KAFKA_SASL_PASSWORD: undefined,
  });
  const connection = connectKafka('journey', settings, () => {});
  await ensureTopics(connection, TOPICS, { partitions: 4, replication: 1 });
}

/** Ports that were free a moment ago, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
          const server = createServer();
          server.once('error', reject);
          server.listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
