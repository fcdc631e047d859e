import { childEnvironment, SetupError } from '#config';
import { createScratchDatabase } from './dev/postgres.js';
import { type Services, startServices } from './dev/services.js';
import { statusFor, wordsFor } from './say.js';
import { onStopSignal } from './stop-signals.js';
import { addCounts, type Counts, countsLine, NONE } from './test/counts.js';
import { JestRun } from './test/jest-run.js';
import { HELP, readTestArguments, type TestArguments } from './test/test-arguments.js';
import { withoutFiles } from './test/without-files.js';

/**
 * `npm test`: jest with a real Postgres and Kafka: those that already run, else its own on free ports; the run gets an empty
 * database. The last line on stdout is the sum of all projects, whatever happened.
 */
const tell = (line: string) => void process.stderr.write(`${line}\n`);
/** Tests at a time: much of many is waiting. A journey starts all four apps and keeps two cores busy with one other beside it. */
const [AT_ONCE, JOURNEYS_AT_ONCE] = [3, 2];
let services: Promise<Services> | undefined;
let running: JestRun | undefined;
const ending = new AbortController();

onStopSignal(
  () => {
    ending.abort();
    running?.stop();
  },
  () => void killNow(),
);
const wish = readTestArguments(process.argv.slice(2));
if (wish.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const outcome = await run(wish).catch((error: unknown) => {
  tell(wordsFor(error));
  return { counts: { ...NONE, failed: 1 }, status: statusFor(error) };
});
process.stdout.write(`${countsLine(outcome.counts)}\n`);
process.exit(ending.signal.aborted ? 130 : outcome.status || Math.min(1, outcome.counts.failed));

async function run({ projects, jestArguments, paths }: TestArguments): Promise<{ counts: Counts; status: number }> {
  services = startServices({
    durable: false,
    anyPort: true,
    signal: ending.signal,
    onStep: (name, step) => tell(`${name}: ${step}`),
    onReady: ({ name, origin }) => tell(`${name}: ${origin}`),
  });
  const { databaseUrl, brokers, stop } = await services;
  let counts = NONE;
  let worst = 0;
  const files: string[] = [];
  try {
    const database = await createScratchDatabase(databaseUrl);
    const env = childEnvironment({
      TEST_DATABASE_URL: database.url,
      TEST_KAFKA_BROKERS: brokers,
      UNSAFE_POSTGRES: '1', // what is started for tests may lose data
    });
    // Journeys start all four apps: after the rest.
    const isJourneys = (project: string) => project === 'journeys';
    const turns = [projects.filter((project) => !isJourneys(project)), projects.filter(isJourneys)];
    for (const turn of turns.filter(({ length }) => length > 0)) {
      if (ending.signal.aborted) break;
      running = new JestRun({
        projects: turn,
        workers: turn.some(isJourneys) ? JOURNEYS_AT_ONCE : AT_ONCE,
        env,
        jestArguments,
      });
      const result = await running.finish();
      counts = addCounts(counts, result.counts);
      worst ||= result.status;
      files.push(...result.files);
      if (result.folder !== null) tell(`What the tests have left behind, and the logs of the apps: ${result.folder}`);
    }
    await database.drop();
  } finally {
    await stop();
  }
  if (ending.signal.aborted) throw new SetupError('stopped before the end');
  const typos = withoutFiles(paths, files);
  for (const path of typos) tell(`No test of ${projects.join(', ')} has "${path}" in its path.`);
  if (typos.length > 0 || files.length === 0) {
    if (typos.length === 0) tell('No test was found.');
    return { counts: { ...counts, failed: counts.failed + Math.max(1, typos.length) }, status: worst || 1 };
  }
  return { counts, status: worst };
}

async function killNow(): Promise<void> {
  running?.killNow();
  (await services?.catch(() => undefined))?.killNow();
  process.exit(130);
}
