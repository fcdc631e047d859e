import { pino, type Logger } from 'pino';
import { prettyStream } from './pretty-stream.js';

export type { Logger } from 'pino';

export interface LogOptions {
  readonly app: string;
  readonly level: string;
  /** Lines for people instead of JSON. */
  readonly pretty: boolean;
}

/** Never in a log, however it got there. Addresses and bodies are not logged in the first place. */
const SECRET_PATHS = ['req.headers.authorization', 'req.headers.cookie', 'err.config', 'err.params', 'err.parameters'];

/** One line per thing that happened, with ids and without addresses. */
export function createLog({ app, level, pretty }: LogOptions): Logger {
  const options = {
    level,
    base: { app },
    redact: { paths: SECRET_PATHS, remove: true },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return pretty ? pino(options, prettyStream(process.stdout)) : pino(options);
}
