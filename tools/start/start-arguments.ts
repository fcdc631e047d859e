import { parseArgs } from 'node:util';
import { SetupError } from '#config';
import { MAX_REPLICAS, PORT_STEP } from './replicas.js';

export interface StartArguments {
  readonly help: boolean;
  /** Empty the data of the local servers first. */
  readonly reset: boolean;
  /** How many processes of each app. */
  readonly replicas: number;
}

export const HELP = `npm start                 starts Mailtide: Postgres, Kafka and the four apps, in this terminal; Ctrl-C stops it
npm start -- --reset      empties the data of the local Postgres and Kafka first
npm start -- --replicas 2 starts every app twice; the second ones listen on ports ${PORT_STEP} higher (at most ${MAX_REPLICAS})
npm start -- --help       shows this

Without DATABASE_URL it runs a Postgres of its own, without KAFKA_BROKERS a broker of its own; both keep their data in
DATA_DIR (.mailtide). Ports: SCHEDULER_PORT 3000, GATEWAY_PORT 3001, POLLER_PORT 3002, SENDER_PORT 3003,
SANDBOX_SMTP_PORT 2525, POSTGRES_PORT 15432, KAFKA_PORT 19092.
`;

/** What stands behind `npm start --`; throws a SetupError for what it does not know, or for what npm has taken for itself. */
export function readStartArguments(args: readonly string[], env: NodeJS.ProcessEnv = {}): StartArguments {
  for (const name of ['reset', 'replicas']) {
    if (env[`npm_config_${name}`] === undefined || args.some((arg) => arg.startsWith(`--${name}`))) continue;
    throw new SetupError(`npm start --${name}: npm keeps what stands before \`--\`; write \`npm start -- --${name}\``);
  }
  const { values } = parse(args);
  return { help: values.help, reset: values.reset, replicas: readReplicas(values.replicas) };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        reset: { type: 'boolean', default: false },
        replicas: { type: 'string', default: '1' },
      },
    });
  } catch (error) {
    const [what] = (error as Error).message.split('. '); // parseArgs throws nothing else
    throw new SetupError(`npm start: ${what}; \`npm start -- --help\` shows what it knows`);
  }
}

function readReplicas(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MAX_REPLICAS) return count;
  throw new SetupError(`npm start: --replicas is a number from 1 to ${MAX_REPLICAS}, not "${text}"`);
}
