import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gatewayConfig, pollerConfig, schedulerConfig, senderConfig } from './apps.js';
import { authMode } from './auth-mode.js';
import { kafkaSettings, topicSettings } from './kafka-settings.js';
import { readEnvironment, SetupError } from './read-environment.js';
import { secretKey } from './secret-key.js';

const ENOUGH = { DATABASE_URL: 'postgres://localhost/mailtide', KAFKA_BROKERS: 'localhost:9092' };

const problemsOf = (env: NodeJS.ProcessEnv): string[] => {
  try {
    readEnvironment(schedulerConfig, env);
    return [];
  } catch (error) {
    if (error instanceof SetupError) return error.message.split('\n');
    throw error;
  }
};

describe('the environment', () => {
  it.each([
    ['scheduler', () => readEnvironment(schedulerConfig, ENOUGH)],
    ['poller', () => readEnvironment(pollerConfig, ENOUGH)],
    ['sender', () => readEnvironment(senderConfig, ENOUGH)],
    ['gateway', () => readEnvironment(gatewayConfig, ENOUGH)],
  ])('needs nothing but the two servers for the %s', (_app, read) => {
    expect(read()).toMatchObject({ KAFKA_BROKERS: ['localhost:9092'], HOST: '127.0.0.1' });
  });

  it('is checked whole: every problem is named at once, with an example', () => {
    const problems = problemsOf({
      KAFKA_BROKERS: 'k:9092',
      SCHEDULER_PORT: '99999',
      LOG_LEVEL: 'loud',
      PUBLIC_URL: 'x',
    });
    expect(problems.toSorted((a, b) => a.localeCompare(b))).toEqual([
      'DATABASE_URL: is required, for example postgres://mailtide:secret@localhost:5432/mailtide',
      'LOG_LEVEL: is no level, for example debug',
      'PUBLIC_URL: is not a URL of the right kind, for example https://mail.example.com',
      'SCHEDULER_PORT: must be at most 65535, for example 3000',
    ]);
  });

  it('lets no claim be good for longer than limits count it', () => {
    const grants = (text: string) => () => readEnvironment(pollerConfig, { ...ENOUGH, GRANT_SECONDS: text });
    expect(grants('20')().GRANT_SECONDS).toBe(20);
    expect(grants('21')).toThrow('GRANT_SECONDS: must be at most 20');
  });

  it('never shows a value: it may be a secret', () => {
    expect(problemsOf({ ...ENOUGH, BOOTSTRAP_KEY: 'mt_live_short' }).join()).not.toContain('mt_live_short');
  });

  it('takes an empty value for none', () => {
    expect(readEnvironment(schedulerConfig, { ...ENOUGH, SCHEDULER_PORT: '' }).SCHEDULER_PORT).toBe(3000);
  });

  it('reads a value from a file, without the line end', () => {
    const folder = mkdtempSync(join(tmpdir(), 'mailtide-config-'));
    const file = join(folder, 'token');
    writeFileSync(file, 'out of a file\n');
    expect(readEnvironment(schedulerConfig, { ...ENOUGH, METRICS_TOKEN_FILE: file }).METRICS_TOKEN).toBe(
      'out of a file',
    );
    rmSync(folder, { recursive: true });
  });

  it('names a file that cannot be read', () => {
    expect(problemsOf({ ...ENOUGH, METRICS_TOKEN_FILE: '/nowhere/token' })).toEqual([
      'METRICS_TOKEN_FILE: "/nowhere/token" cannot be read',
    ]);
  });
});

describe('who may call without a key', () => {
  it.each([
    [{ HOST: '127.0.0.1', DEV_BEHIND_LOOPBACK: false }, 'dev'],
    [{ HOST: '0.0.0.0', DEV_BEHIND_LOOPBACK: false }, 'keys'],
    [{ HOST: '127.0.0.1', AUTH_MODE: 'keys' as const, DEV_BEHIND_LOOPBACK: false }, 'keys'],
    [{ HOST: '0.0.0.0', AUTH_MODE: 'dev' as const, DEV_BEHIND_LOOPBACK: true }, 'dev'],
  ])('%j: %s', (config, mode) => expect(authMode(config)).toBe(mode));

  it('is nobody on an address that others reach', () => {
    expect(() => authMode({ HOST: '0.0.0.0', AUTH_MODE: 'dev', DEV_BEHIND_LOOPBACK: false })).toThrow(SetupError);
  });
});

describe('the secret of an installation', () => {
  const config = { HOST: '127.0.0.1', DEV_BEHIND_LOOPBACK: false };

  it('has to be given where others call', () => {
    expect(() => secretKey({ ...config, AUTH_MODE: 'keys' })).toThrow(
      /^SECRET_KEY: is required .* `openssl rand -base64 32`/,
    );
  });

  it('is made up on a developer’s machine', () => {
    expect(secretKey(config)).toHaveLength(32);
  });

  it('is 32 bytes and nothing else', () => {
    expect(problemsOf({ ...ENOUGH, SECRET_KEY: 'c2hvcnQ=' })).toEqual([
      'SECRET_KEY: must be 32 bytes in base64, for example the output of `openssl rand -base64 32`',
    ]);
  });
});

describe('the settings of Kafka', () => {
  const config = readEnvironment(pollerConfig, {
    ...ENOUGH,
    KAFKA_BROKERS: 'a:1, b:2',
    KAFKA_TOPIC_PREFIX: 'staging.',
  });

  it('log in only when told how', () => {
    expect(kafkaSettings(config)).toEqual({ brokers: ['a:1', 'b:2'], ssl: false, topicPrefix: 'staging.' });
  });

  it('make as many copies of a topic as a small cluster can hold', () => {
    expect(topicSettings(config)).toEqual({ partitions: 8, replication: 2 });
  });
});
