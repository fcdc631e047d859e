import { SetupError } from '#config';

export interface StartArguments {
  readonly help: boolean;
  /** Empty the data of the local servers first. */
  readonly reset: boolean;
}

export const HELP = `npm start                 starts Mailtide: Postgres, Kafka and the four apps, in this terminal; Ctrl-C stops it
npm start -- --reset      empties the data of the local Postgres and Kafka first
npm start -- --help       shows this

Without DATABASE_URL it runs a Postgres of its own, without KAFKA_BROKERS a broker of its own; both keep their data in
DATA_DIR (.mailtide). Ports: SCHEDULER_PORT 3000, GATEWAY_PORT 3001, POLLER_PORT 3002, SENDER_PORT 3003,
SANDBOX_SMTP_PORT 2525, POSTGRES_PORT 15432, KAFKA_PORT 19092.
`;

/** What stands behind `npm start --`; throws a SetupError for what it does not know, or for what npm has taken for itself. */
export function readStartArguments(args: readonly string[], env: NodeJS.ProcessEnv = {}): StartArguments {
  if (env['npm_config_reset'] !== undefined && !args.includes('--reset')) {
    throw new SetupError('npm start --reset: npm keeps what stands before `--`; write `npm start -- --reset`');
  }
  const unknown = args.find((arg) => !['--reset', '--help', '-h'].includes(arg));
  if (unknown !== undefined) {
    throw new SetupError(`npm start does not know "${unknown}"; \`npm start -- --help\` shows what it knows`);
  }
  return { help: args.includes('--help') || args.includes('-h'), reset: args.includes('--reset') };
}
