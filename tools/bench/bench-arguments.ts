import { parseArgs } from 'node:util';
import { SetupError } from '#config';
import { wholeNumber } from '../dev/whole-number.js';

export interface BenchArguments {
  readonly help: boolean;
  /** Standard output gets one line of JSON a repetition and nothing else. */
  readonly json: boolean;
  readonly count: number;
  readonly reps: number;
  /** A folder for CPU profiles of the four apps; null: none are made. */
  readonly profile: string | null;
}

export const HELP = `npm run bench                      10,000 emails due at one instant, beside raw nodemailer; docs/benchmarks.md explains
npm run bench -- --count 2000      so many emails
npm run bench -- --reps 5          so many times
npm run bench -- --json            one line of JSON a repetition on standard output, all else on standard error
npm run bench -- --profile DIR     CPU profiles of the four apps as well (they cost speed: read no rates then)
npm run bench -- --help            shows this

It uses the Postgres and the Kafka that run (\`npm run services -- up\`), those of DATABASE_URL and KAFKA_BROKERS, or starts
its own; a database and topics are made for the run and dropped afterwards. Variables of the apps (SENDER_CONCURRENCY=100 ...)
are passed on to them.
`;

/** What stands behind `npm run bench --`; throws a SetupError for what it does not know. */
export function readBenchArguments(args: readonly string[]): BenchArguments {
  const { values } = parse(args);
  return {
    help: values.help,
    json: values.json,
    count: wholeNumber('--count', values.count, 100_000),
    reps: wholeNumber('--reps', values.reps, 100),
    profile: values.profile ?? null,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        json: { type: 'boolean', default: false },
        count: { type: 'string', default: '10000' },
        reps: { type: 'string', default: '1' },
        profile: { type: 'string' },
      },
    });
  } catch (error) {
    throw new SetupError(`${(error as Error).message}; \`npm run bench -- --help\` shows what it knows`);
  }
}
