import { z } from 'zod';
import { EXIT_CONFIG, readEnvironment, SetupError } from '#config';
import { createLog, createMetrics, type Facts, type Logger } from '#telemetry';
import type { Registry } from 'prom-client';

/** What every app is given to work with. */
export interface AppContext<Config> {
  readonly config: Config;
  readonly log: Logger;
  readonly facts: Facts;
  readonly registry: Registry;
}

/** A started app. `stop` drains: it resolves when nothing of it is in the air any more. */
export interface RunningApp {
  readonly stop: () => Promise<void>;
}

interface Logging {
  readonly LOG_LEVEL: string;
  readonly LOG_PRETTY?: '0' | '1' | undefined;
}

/** Longer than any drain: a stop that hangs must not look like one that works. */
const STOP_MS = 60_000;

/**
 * The life of a process, the same for all apps: read the configuration (exit 78 with every problem), start, say `ready`
 * to whoever started us, drain on SIGTERM or SIGINT and exit 0. A second signal leaves at once, which is as safe as
 * SIGKILL. Crash-only: what nobody caught is logged and ends the process.
 */
export async function runApp<Shape extends z.ZodRawShape>(
  name: string,
  schema: z.ZodObject<Shape>,
  start: (context: AppContext<z.infer<z.ZodObject<Shape>>>) => Promise<RunningApp>,
): Promise<void> {
  const config = readOrExit(schema);
  const { LOG_LEVEL, LOG_PRETTY } = config as Logging;
  const pretty = LOG_PRETTY === undefined ? process.stdout.isTTY : LOG_PRETTY === '1';
  const log = createLog({ app: name, level: LOG_LEVEL, pretty });
  const { facts, registry } = createMetrics(name);
  endOnCrash(log);
  const life = drainOnSignal(log);
  try {
    const app = await start({ config, log, facts, registry });
    life.started(app);
    log.info('ready');
    process.send?.('ready');
  } catch (error) {
    if (error instanceof SetupError) exitWithProblems(error);
    log.fatal({ err: error }, 'could not start');
    process.exit(1);
  }
}

function readOrExit<Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape>): z.infer<z.ZodObject<Shape>> {
  try {
    return readEnvironment(schema);
  } catch (error) {
    if (error instanceof SetupError) exitWithProblems(error);
    throw error;
  }
}

function exitWithProblems(error: SetupError): never {
  process.stderr.write(`${error.message}\n`);
  process.exit(EXIT_CONFIG);
}

function endOnCrash(log: Logger): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      log.fatal({ err: error }, event);
      process.exit(1);
    });
  }
}

/** Listens from the beginning: who waits for Postgres or Kafka at its start has nothing in the air and may leave at once. */
function drainOnSignal(log: Logger): { readonly started: (app: RunningApp) => void } {
  let running: RunningApp | undefined;
  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info({ signal }, running ? 'draining' : 'leaving before it has started');
    if (!running) process.exit(0);
    setTimeout(() => {
      log.error('still not drained; leaving');
      process.exit(1);
    }, STOP_MS).unref();
    running.stop().then(
      () => {
        log.info('stopped');
        process.exit(0);
      },
      (error: unknown) => {
        log.error({ err: error }, 'could not drain');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // A parent that is gone cannot stop us any more.
  process.on('disconnect', () => stop('disconnect'));
  return {
    started: (app) => {
      running = app;
    },
  };
}
