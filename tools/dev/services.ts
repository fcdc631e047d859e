import { join, resolve } from 'node:path';
import { readEnvironment, SetupError, startConfig } from '#config';
import { localKafka, startKafka } from './kafka.js';
import { localPostgres, startPostgres } from './postgres.js';
import { freePort } from './ports.js';
import { projectRoot } from './project-root.js';
import { ownerOf, runningPort } from './server-state.js';
import { type Service, stopByState } from './service.js';

export interface Services {
  readonly databaseUrl: string;
  readonly brokers: string;
  readonly all: readonly Service[];
  /** Stops those that this process started. */
  readonly stop: () => Promise<void>;
  readonly killNow: () => void;
}

export interface ServicesOptions {
  /** false trades crash safety for speed: for tests only. */
  readonly durable: boolean;
  /** Use those that already run, else any free port and empty data of its own: for tests. */
  readonly anyPort?: boolean;
  /** Leave them running when this process ends. */
  readonly keepRunning?: boolean;
  /** Told what one of them does when that takes long. */
  readonly onStep?: (name: string, step: string) => void;
  /** Told of each one when it can be used. */
  readonly onReady?: (service: Service) => void;
  /** Calls the start off; what was started is stopped. */
  readonly signal?: AbortSignal;
}

/** Postgres and Kafka, side by side: given, found running, or started from nothing. */
export async function startServices(options: ServicesOptions): Promise<Services> {
  const { durable, signal, keepRunning = false, onStep = () => {}, onReady = () => {} } = options;
  const config = readEnvironment(startConfig);
  const dir = dataDir();
  const where = (name: string, port: number) =>
    options.anyPort ? runningOrOwn(dir, name) : Promise.resolve({ dir, port, fresh: false });
  const report = (service: Service) => {
    onReady(service);
    return service;
  };
  const [postgres, kafka] = await Promise.allSettled([
    where('postgres', config.POSTGRES_PORT)
      .then((place) => startPostgres({ url: config.DATABASE_URL, durable, keepRunning, signal, ...place }))
      .then(report),
    where('kafka', config.KAFKA_PORT)
      .then((place) =>
        startKafka({
          brokers: config.KAFKA_BROKERS,
          cacheDir: dir,
          configDir: join(projectRoot(), 'tools/dev/kafka'),
          keepRunning,
          composePort: config.KAFKA_PORT,
          signal,
          onStep: (step) => onStep('Kafka', step),
          ...place,
        }),
      )
      .then(report),
  ]);
  const all = [postgres, kafka].flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const stop = async () => void (await Promise.all(all.map((service) => service.stop())));
  const killNow = () => all.forEach((service) => service.killNow());
  if (postgres.status === 'fulfilled' && kafka.status === 'fulfilled') {
    return { databaseUrl: postgres.value.address, brokers: kafka.value.address, all, stop, killNow };
  }
  await stop();
  throw everyReason([postgres, kafka]);
}

/** People mend all their problems at once; a bug of ours goes first. */
function everyReason(results: readonly PromiseSettledResult<unknown>[]): unknown {
  const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  const words = reasons.flatMap((reason) => (reason instanceof SetupError ? [reason.message] : []));
  return reasons.find((reason) => !(reason instanceof SetupError)) ?? new SetupError(words.join('\n'));
}

/** Where the local servers and the development key live. */
export const dataDir = (): string => resolve(projectRoot(), readEnvironment(startConfig).DATA_DIR);

/** Where those of this checkout run that this process has not started. */
export async function localAddresses(): Promise<{ databaseUrl?: string; brokers?: string }> {
  const stateDir = join(dataDir(), 'run');
  const [postgres, kafka] = await Promise.all([runningPort(stateDir, 'postgres'), runningPort(stateDir, 'kafka')]);
  return {
    ...(postgres !== undefined && { databaseUrl: localPostgres(postgres) }),
    ...(kafka !== undefined && { brokers: localKafka(kafka) }),
  };
}

/** Stops those that run in the background; throws a SetupError when they belong to a process that still works with them. */
export async function stopServices(): Promise<string[]> {
  const stateDir = join(dataDir(), 'run');
  const owner = ownerOf(stateDir, 'postgres') ?? ownerOf(stateDir, 'kafka');
  if (owner !== undefined) {
    throw new SetupError(
      `Nothing is stopped: they belong to the running npm start (pid ${owner}); Ctrl-C there stops it`,
    );
  }
  const stopped = await Promise.all([
    stopByState(stateDir, 'kafka', 'SIGTERM'),
    stopByState(stateDir, 'postgres', 'SIGINT'),
  ]);
  return ['Kafka', 'Postgres'].filter((_, i) => stopped[i]);
}

/** Tests must care neither what else this machine runs nor for what `npm start` keeps: their servers may be unsafe. */
async function runningOrOwn(dir: string, name: string): Promise<{ dir: string; port: number; fresh: boolean }> {
  const running = await runningPort(join(dir, 'run'), name);
  if (running !== undefined) return { dir, port: running, fresh: false };
  const own = join(dir, 'test');
  const left = await runningPort(join(own, 'run'), name);
  return { dir: own, port: left ?? (await freePort()), fresh: true };
}
