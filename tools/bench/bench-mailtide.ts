import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childEnvironment } from '#config';
import { freePort } from '../dev/ports.js';
import { AppProcesses } from './app-processes.js';
import { type BenchStores, openBenchStores } from './bench-stores.js';
import { OrderWatch } from './order-watch.js';
import type { Undo } from './undo.js';

export interface BenchMailtideOptions {
  readonly databaseUrl: string;
  readonly brokers: string;
  readonly smtpPort: number;
  readonly profileDir: string | null;
}

/** A whole Mailtide of one run: live mail goes to the sink. */
export interface BenchMailtide {
  readonly stores: BenchStores;
  readonly apps: AppProcesses;
  readonly orders: OrderWatch;
  readonly apiPort: number;
  readonly senderPort: number;
  /** A live key. */
  readonly key: string;
  readonly logDir: string;
}

/** Settings as in production; only what makes it one run of its own is set. */
export async function openBenchMailtide(options: BenchMailtideOptions, undo: Undo): Promise<BenchMailtide> {
  const { databaseUrl, brokers, smtpPort, profileDir } = options;
  const stores = await openBenchStores(databaseUrl, brokers, undo);
  const [apiPort, gatewayPort, pollerPort, senderPort, sandboxPort] = await freePorts();
  const key = `mt_live_${randomBytes(64).toString('base64').replaceAll(/[+/=]/g, '').slice(0, 43)}`;
  const logDir = mkdtempSync(join(tmpdir(), 'mailtide-bench-'));
  if (profileDir !== null) mkdirSync(profileDir, { recursive: true });
  const env = childEnvironment({
    ...stores.env,
    HOST: '127.0.0.1',
    AUTH_MODE: 'keys',
    SECRET_KEY: randomBytes(32).toString('base64'),
    API_RATE: 'off',
    BOOTSTRAP_KEY: key,
    LOG_PRETTY: '0',
    SMTP_URL: `smtp://127.0.0.1:${smtpPort}?tls=off`,
    SCHEDULER_PORT: String(apiPort),
    GATEWAY_PORT: String(gatewayPort),
    POLLER_PORT: String(pollerPort),
    SENDER_PORT: String(senderPort),
    SANDBOX_SMTP_PORT: String(sandboxPort),
    PUBLIC_URL: `http://localhost:${apiPort}`,
    GATEWAY_URL: `http://localhost:${gatewayPort}`,
  });
  const apps = new AppProcesses({ env, logDir, profileDir });
  const orders = new OrderWatch();
  undo.add(() => apps.stop());
  await Promise.all([apps.start(), orders.start(stores.kafka, undo)]);
  return { stores, apps, orders, apiPort, senderPort, key, logDir };
}

async function freePorts(): Promise<[number, number, number, number, number]> {
  return await Promise.all([freePort(), freePort(), freePort(), freePort(), freePort()]);
}
