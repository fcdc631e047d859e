import { availableParallelism, loadavg } from 'node:os';
import { startServices } from '../dev/services.js';
import { exitWith, say } from '../say.js';
import { onStopSignal } from '../stop-signals.js';
import { type BenchArguments, HELP, readBenchArguments } from './bench-arguments.js';
import { openBenchMailtide } from './bench-mailtide.js';
import { type BenchResult, jsonLine, table } from './bench-report.js';
import { runMailtide } from './mailtide-run.js';
import type { RawRun } from './raw-nodemailer.js';
import { runRawNodemailer } from './run-raw-nodemailer.js';
import { SideProcess } from './side-process.js';
import { Undo } from './undo.js';

/** `npm run bench`: Mailtide beside raw nodemailer on this machine, in one run; docs/benchmarks.md explains the figures. */
const undo = new Undo();
try {
  const wish = readBenchArguments(process.argv.slice(2));
  if (wish.help) say(HELP.trimEnd());
  else await bench(wish);
  process.exit(process.exitCode ?? 0);
} catch (error) {
  await undo.all().catch(() => undefined);
  exitWith(error);
}

async function bench(wish: BenchArguments): Promise<void> {
  onStopSignal(
    () => void undo.all().finally(() => process.exit(130)),
    () => process.exit(130),
  );
  const services = await startServices({
    durable: true,
    onStep: (name, step) => progress(`${name}: ${step}`),
    onReady: ({ name, origin }) => progress(`${name}: ${origin}`),
  });
  undo.add(services.stop);
  for (let rep = 1; rep <= wish.reps; rep += 1) {
    const result = await repetition(wish, rep, services);
    process.stderr.write(wish.json ? table(result) : '');
    say(wish.json ? jsonLine(result) : table(result));
    if (result.mailtide.void.length > 0) process.exitCode = 1;
  }
  await undo.all();
}

async function repetition(
  { count, profile }: BenchArguments,
  rep: number,
  { databaseUrl, brokers }: { readonly databaseUrl: string; readonly brokers: string },
): Promise<BenchResult> {
  const own = new Undo();
  undo.add(() => own.all());
  const { process: sink, hello: smtpPort } = await SideProcess.start<number>('./smtp-sink.js', []);
  own.add(() => sink.stop());
  const loadBefore = loadavg()[0] ?? 0;
  const rawBefore = await rawNodemailer(smtpPort, count);
  progress('starting the four apps, with a database and topics of their own');
  const mailtide = await openBenchMailtide({ databaseUrl, brokers, smtpPort, profileDir: profile }, own);
  await sink.ask('forget');
  const run = await runMailtide({ mailtide, brokers, sink, count, say: progress });
  const rawAfter = await rawNodemailer(smtpPort, count);
  const load = [loadBefore, loadavg()[0] ?? 0] as const;
  await own.all();
  return { count, rep, cores: availableParallelism(), load, rawBefore, rawAfter, mailtide: run };
}

function rawNodemailer(smtpPort: number, count: number): Promise<RawRun> {
  progress(`raw nodemailer: ${count} emails`);
  return runRawNodemailer(smtpPort, count);
}

/** Standard error: standard output is for the result. */
function progress(line: string): void {
  process.stderr.write(`${`${(performance.now() / 1000).toFixed(1)} s`.padStart(8)}  ${line}\n`);
}
