import { parseArgs } from 'node:util';
import { SetupError } from '#config';
import { wholeNumber } from '../dev/whole-number.js';

export interface ChaosArguments {
  readonly help: boolean;
  readonly emails: number;
  /** How long things are broken. */
  readonly seconds: number;
  readonly replicas: number;
  /** The same seed chooses the same faults and the same workload; their timing is the machine's. */
  readonly seed: number;
}

export const HELP = `npm run chaos                      20,000 emails while everything is killed for two minutes; then every promise is checked
npm run chaos -- --emails 2000     so many
npm run chaos -- --seconds 60      broken for so long
npm run chaos -- --replicas 1      so many processes of each app (2)
npm run chaos -- --seed 7          other faults
npm run chaos -- --help            shows this

It starts a Postgres and a Kafka of its own and ends with status 1 and every violation in words when a promise is broken.
`;

/** What stands behind `npm run chaos --`; throws a SetupError for what it does not know. */
export function readChaosArguments(args: readonly string[]): ChaosArguments {
  const { values } = parse(args);
  return {
    help: values.help,
    emails: wholeNumber('--emails', values.emails, 1_000_000),
    seconds: wholeNumber('--seconds', values.seconds, 86_400),
    replicas: wholeNumber('--replicas', values.replicas, 4),
    seed: wholeNumber('--seed', values.seed, 2 ** 31),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        emails: { type: 'string', default: '20000' },
        seconds: { type: 'string', default: '120' },
        replicas: { type: 'string', default: '2' },
        seed: { type: 'string', default: '1' },
      },
    });
  } catch (error) {
    throw new SetupError(`${(error as Error).message}; \`npm run chaos -- --help\` shows what it knows`);
  }
}
