import { parseArgs } from 'node:util';
import { SetupError } from '#config';
import { wholeNumber } from '../dev/whole-number.js';

export interface SoakArguments {
  readonly help: boolean;
  readonly minutes: number;
  /** Emails a second. */
  readonly rate: number;
}

export const HELP = `npm run soak                        50 emails a second for an hour; memory, open files and lateness every minute
npm run soak -- --minutes 10        for so long
npm run soak -- --rate 200          so many a second
npm run soak -- --help              shows this

It starts a Postgres and a Kafka of its own. The last line is JSON: each figure in the second and in the last tenth of the run.
`;

/** What stands behind `npm run soak --`; throws a SetupError for what it does not know. */
export function readSoakArguments(args: readonly string[]): SoakArguments {
  const { values } = parse(args);
  return {
    help: values.help,
    minutes: wholeNumber('--minutes', values.minutes, 10_000),
    rate: wholeNumber('--rate', values.rate, 1_000),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        minutes: { type: 'string', default: '60' },
        rate: { type: 'string', default: '50' },
      },
    });
  } catch (error) {
    throw new SetupError(`${(error as Error).message}; \`npm run soak -- --help\` shows what it knows`);
  }
}
