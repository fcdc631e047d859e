import { pino, type Logger, type LoggerOptions } from 'pino';
import { prettyStream } from './pretty-stream.js';

export type { Logger } from 'pino';

export interface LogOptions {
  readonly app: string;
  readonly level: string;
  /** Lines for people instead of JSON. */
  readonly pretty: boolean;
}

/** Never in a log, however it got there. Addresses and bodies are not logged in the first place; Postgres quotes rows. */
const SECRET_PATHS = [
  'req.headers.authorization',
  'req.headers.cookie',
  'err.config',
  'err.params',
  'err.parameters',
  'err.detail',
  'err.where',
  'err.internalQuery',
];

/** One line per thing that happened, with ids and without addresses. */
export function createLog({ app, level, pretty }: LogOptions): Logger {
  const options = logOptions({ app, level });
  return pretty ? pino(options, prettyStream(process.stdout)) : pino(options);
}

/** What every log of ours has in common, wherever it is written to. */
export const logOptions = ({ app, level }: Pick<LogOptions, 'app' | 'level'>): LoggerOptions => ({
  level,
  base: { app },
  redact: { paths: SECRET_PATHS, remove: true },
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { level: (label: string) => ({ level: label }) },
});
