import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readEnvironment, startConfig } from '#config';
import { startKafka } from './kafka.js';
import { startPostgres } from './postgres.js';
import { runningOrFreePort, type Service, stopByState } from './service.js';

export interface Services {
  databaseUrl: string;
  brokers: string;
  all: Service[];
  stop: () => Promise<void>;
}

/** The folder with package.json, whether this runs from source or from dist. */
export function projectRoot(from = dirname(fileURLToPath(import.meta.url))): string {
  return existsSync(join(from, 'package.json')) ? from : projectRoot(dirname(from));
}

export interface ServicesOptions {
  /** false trades crash safety for speed: for tests only. */
  durable: boolean;
  /** Take any free port instead of the configured one. */
  anyPort?: boolean;
  /** Leave them running when this process ends. */
  keepRunning?: boolean;
  say?: (line: string) => void;
}

/** Postgres and Kafka, side by side: given, found running, or started from nothing. */
export async function startServices({
  durable,
  anyPort = false,
  keepRunning = false,
  say = () => {},
}: ServicesOptions): Promise<Services> {
  const root = projectRoot();
  const config = readEnvironment(startConfig);
  const dir = resolve(root, config.DATA_DIR);
  const port = (name: string, configured: number) => (anyPort ? runningOrFreePort(join(dir, 'run'), name) : configured);
  const [postgres, kafka] = await Promise.allSettled([
    startPostgres({
      url: config.DATABASE_URL,
      dir,
      port: await port('postgres', config.POSTGRES_PORT),
      durable,
      keepRunning,
    }),
    startKafka({
      brokers: config.KAFKA_BROKERS,
      dir,
      configDir: join(root, 'tools/dev/kafka'),
      port: await port('kafka', config.KAFKA_PORT),
      keepRunning,
      say,
    }),
  ]);
  const all = [postgres, kafka].flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const stop = async () => void (await Promise.all(all.map((service) => service.stop())));
  if (postgres.status === 'fulfilled' && kafka.status === 'fulfilled') {
    return { databaseUrl: postgres.value.address, brokers: kafka.value.address, all, stop };
  }
  await stop();
  throw [postgres, kafka].find((result) => result.status === 'rejected')?.reason;
}

export async function stopServices(): Promise<string[]> {
  const stateDir = join(resolve(projectRoot(), readEnvironment(startConfig).DATA_DIR), 'run');
  const stopped = await Promise.all([
    stopByState(stateDir, 'kafka', 'SIGTERM'),
    stopByState(stateDir, 'postgres', 'SIGINT'),
  ]);
  return ['Kafka', 'Postgres'].filter((_, i) => stopped[i]);
}
