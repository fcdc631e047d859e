import { hostname } from 'node:os';
import { z } from 'zod';

/** Every variable that Mailtide reads, once: what it means, what it defaults to. The apps pick theirs. */

const text = (description: string, example: string) => z.string().min(1).meta({ description, example });
const count = (min: number, max: number, fallback: number, description: string) =>
  z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(min, `must be at least ${min}`)
    .max(max, `must be at most ${max}`)
    .default(fallback)
    .meta({ description, example: String(fallback) });
const port = (fallback: number, description: string) => count(0, 65_535, fallback, description);
const flag = (description: string) =>
  z
    .enum(['0', '1'], 'must be 0 or 1')
    .default('0')
    .transform((value) => value === '1')
    .meta({ description, example: '1' });
const list = (description: string, example: string) =>
  z
    .string()
    .min(1)
    .transform((value) =>
      value
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .meta({ description, example });
const url = (description: string, example: string, protocols: RegExp) =>
  z.url({ protocol: protocols, error: 'is not a URL of the right kind' }).meta({ description, example });
const seconds = (fallback: number, description: string, most = 86_400) =>
  z.coerce
    .number('must be a number of seconds')
    .min(0.1, 'must be at least 0.1')
    .max(most, `must be at most ${most}`)
    .default(fallback)
    .meta({ description, example: String(fallback) });

export const database = {
  DATABASE_URL: url(
    'Postgres 15 or newer. `npm start` starts one under DATA_DIR when it is not set.',
    'postgres://mailtide:secret@localhost:5432/mailtide',
    /^postgres(ql)?$/,
  ),
  UNSAFE_POSTGRES: flag('Accept a server whose fsync, full_page_writes or synchronous_commit is off: for tests only.'),
};

const KAFKA_DEFAULTS = { partitions: 8, replication: 1 } as const;

export const kafka = {
  KAFKA_BROKERS: list(
    '`host:port,host:port`. `npm start` starts a broker under DATA_DIR when it is not set.',
    'localhost:9092',
  ),
  KAFKA_SSL: flag('Talk TLS to the brokers.'),
  KAFKA_SASL_MECHANISM: z
    .enum(['plain', 'scram-sha-256', 'scram-sha-512'], 'must be plain, scram-sha-256 or scram-sha-512')
    .optional()
    .meta({ description: 'How to log in to the brokers.', example: 'scram-sha-512' }),
  KAFKA_SASL_USERNAME: text('User name at the brokers.', 'mailtide').optional(),
  KAFKA_SASL_PASSWORD: text('Password at the brokers.', 'secret').optional(),
  KAFKA_TOPIC_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9._-]{0,80}$/, 'may hold letters, digits, dots, dashes and underscores')
    .default('')
    .meta({ description: 'Put before every topic and group name.', example: 'staging.' }),
};

export const topics = {
  KAFKA_PARTITIONS: count(1, 1000, KAFKA_DEFAULTS.partitions, 'Partitions of the big topics, when they are created.'),
  KAFKA_REPLICATION: z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(10, 'must be at most 10')
    .optional()
    .meta({ description: 'Copies of every topic, when it is created. Default: min(3, brokers).', example: '3' }),
};

const HOST = z
  .string()
  .min(1)
  .default('127.0.0.1')
  .meta({ description: 'The address that the apps bind to.', example: '0.0.0.0' });

export const listening = {
  HOST,
  METRICS_TOKEN: text(
    'Lets others than this machine read /metrics: `Authorization: Bearer …`.',
    'a long random text',
  ).optional(),
};

export const ports = {
  SCHEDULER_PORT: port(3000, 'Port of the scheduler (REST API).'),
  GATEWAY_PORT: port(3001, 'Port of the gateway (realtime, sandbox inbox).'),
  POLLER_PORT: port(3002, 'Port of the poller (health and metrics).'),
  SENDER_PORT: port(3003, 'Port of the sender (health and metrics).'),
  SANDBOX_SMTP_PORT: port(2525, 'Port of the sandbox SMTP server in the gateway.'),
};

export const publicFace = {
  PUBLIC_URL: url('The base of links in answers.', 'https://mail.example.com', /^https?$/).default(
    'http://localhost:3000',
  ),
  GATEWAY_URL: url('Where browsers and mail reach the gateway.', 'https://rt.example.com', /^https?$/).default(
    'http://localhost:3001',
  ),
  CORS_ORIGINS: list(
    'Browser origins that may call. Default: PUBLIC_URL and GATEWAY_URL.',
    'https://app.example.com',
  ).optional(),
};

export const callers = {
  AUTH_MODE: z.enum(['dev', 'keys'], 'must be dev or keys').optional().meta({
    description: '`dev`: this machine needs no key. Default: `dev` on a loopback HOST, else `keys`.',
    example: 'keys',
  }),
  DEV_BEHIND_LOOPBACK: flag('Allow AUTH_MODE=dev in a container whose ports are published on loopback only.'),
  BOOTSTRAP_KEY: z
    .string()
    .regex(/^mt_live_[0-9A-Za-z]{43}$/, 'must be mt_live_ and 43 letters and digits')
    .optional()
    .meta({ description: 'A live key of the first tenant, created at start if absent.', example: 'mt_live_…' }),
};

export const realtime = {
  LISTENERS_PER_KEY: count(1, 1_000_000, 5_000, 'Sockets and streams that one key may have at one gateway.'),
};

const RATE = 1000;

export const protection = {
  SECRET_KEY: z
    .string()
    .regex(/^[A-Za-z0-9+/]{43}=$/, 'must be 32 bytes in base64')
    .transform((value) => Buffer.from(value, 'base64'))
    .optional()
    .meta({
      description:
        'The secret of the installation, 32 bytes in base64: signs cursors. The same for all apps and replicas; required with AUTH_MODE=keys. `npm start` makes one under DATA_DIR for `dev`.',
      example: 'the output of `openssl rand -base64 32`',
    }),
  API_RATE: z
    .string()
    .regex(/^(off|[1-9]\d{0,6})$/, 'must be a whole number from 1 to 9999999, or off')
    .default(String(RATE))
    .transform((value) => (value === 'off' ? value : Number(value)))
    .meta({
      description: 'Requests a second per key and replica, with bursts of twice that; `off`: as many as they come.',
      example: String(RATE),
    }),
};

export const sending = {
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\/[^\s/]+/, 'must begin with smtp:// or smtps://')
    .optional()
    .meta({
      description:
        'The live provider `default`. smtps:// talks TLS at once; smtp:// upgrades with STARTTLS, and refuses to go on without it off loopback (`?tls=off` or `?tls=optional` say otherwise). `?connections=20` is what the server allows; on loopback it is as many as SENDER_CONCURRENCY.',
      example: 'smtp://user:password@smtp.example.com:587',
    }),
  SENDER_CONCURRENCY: count(
    1,
    1000,
    100,
    'Open SMTP transactions of a sender; a live server gets at most `connections` of SMTP_URL of them.',
  ),
  SANDBOX_SMTP_HOST: text('Where the sender finds the sandbox.', 'gateway').default('127.0.0.1'),
  EHLO_NAME: text('What the sender calls itself in EHLO.', 'mail.example.com').default(hostname()),
  BREAKER_SECONDS: seconds(30, 'How long nothing is sent to a provider that is taken for down, the first time.'),
};

export const claiming = {
  POLLER_BATCH: count(1, 10_000, 1000, 'Deliveries that one claim takes.'),
  RETENTION_DAYS: count(
    90,
    36_500,
    90,
    'How long finished emails, their deliveries, events, dead letters and sandbox mail are kept.',
  ),
};

export const content = {
  DEFAULT_FROM: text('The sender of emails that name none.', 'Acme <mail@acme.example>').default(
    'Mailtide <no-reply@mailtide.test>',
  ),
};

export const instance = {
  INSTANCE_NAME: text('The name of this replica.', 'sender-0').default(`${hostname()}-${process.pid}`),
  INSTANCE_EXCLUSIVE: flag('Only one process at a time bears INSTANCE_NAME: a new one proves the old one dead.'),
};

/** Chosen with care; shorter ones are for tests and for rehearsing failures. */
export const timings = {
  // Limits count what was granted before their windows for no longer (domain, GRANT_SLACK_MS): more would be let through.
  GRANT_SECONDS: seconds(20, 'How long a claim is good for without being renewed; at most 20.', 20),
  SILENT_SECONDS: seconds(30, 'A process that says nothing for so long is taken for dead.'),
  HOLD_SECONDS: seconds(600, 'How long an ambiguous delivery waits for a late answer before it is sent again.'),
  RETRY_SECONDS: z
    .string()
    .regex(/^\d+(\.\d+)?(,\d+(\.\d+)?)*$/, 'must be numbers of seconds with commas between them')
    .default('60,300,900,3600,7200,14400,28800')
    .transform((value) => value.split(',').map(Number))
    .meta({
      description: 'Waiting times after the first, second … temporary failure; the last one repeats.',
      example: '60,300,900',
    }),
};

export const logging = {
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'is no level')
    .default('info')
    .meta({ description: 'The least level that is logged.', example: 'debug' }),
  LOG_PRETTY: z
    .enum(['0', '1'], 'must be 0 or 1')
    .optional()
    .meta({ description: 'Lines for people instead of JSON. Default: 1 on a terminal.', example: '1' }),
};

export const compat = {
  COMPAT_ROUTES: z
    .enum(['0', '1'], 'must be 0 or 1')
    .default('1')
    .transform((value) => value === '1')
    .meta({ description: 'Serve the aliases of older systems (`POST /schedule` …).', example: '0' }),
};

export const localServers = {
  DATA_DIR: text('Where the local servers keep their data.', '/var/lib/mailtide').default('.mailtide'),
  POSTGRES_PORT: port(15_432, 'Port of the local Postgres.'),
  KAFKA_PORT: port(19_092, 'Port of the local Kafka broker.'),
};
