import { readEnvironment, schedulerConfig } from '#config';
import { createLog, createMetrics } from '#telemetry';
import { startScheduler } from '../start-scheduler.js';

export interface RunningScheduler {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/**
 * A scheduler in this process, over real HTTP.
 * @param port free on the loopback address
 */
export async function runScheduler(
  databaseUrl: string,
  port: number,
  env: Readonly<Record<string, string>> = {},
): Promise<RunningScheduler> {
  const config = readEnvironment(schedulerConfig, {
    DATABASE_URL: databaseUrl,
    UNSAFE_POSTGRES: '1',
    KAFKA_BROKERS: 'not-needed:9092',
    HOST: '127.0.0.1',
    SCHEDULER_PORT: String(port),
    PUBLIC_URL: `http://localhost:${port}`,
    SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
    ...env,
  });
  const log = createLog({ app: 'scheduler', level: 'silent', pretty: false });
  const app = await startScheduler({ config, log, ...createMetrics('scheduler') });
  return { url: `http://localhost:${port}`, stop: app.stop };
}
