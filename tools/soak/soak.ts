import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { spreadOf } from '../bench/percentile.js';
import { SideProcess } from '../bench/side-process.js';
import { Undo } from '../bench/undo.js';
import type { Arrival } from '../chaos/evidence.js';
import { Fleet } from '../chaos/fleet.js';
import { Servers } from '../chaos/servers.js';
import { exitWith, say } from '../say.js';
import { onStopSignal } from '../stop-signals.js';
import { type Footprint, footprintOf } from './footprint.js';
import { HELP, readSoakArguments, type SoakArguments } from './soak-arguments.js';
import { SteadyLoad } from './steady-load.js';

/** `npm run soak`: a steady load for a long time; what must stay flat is written down every minute. */
const MINUTE_MS = 60_000;
const SETTLE_MS = 10_000;
const undo = new Undo();

interface Minute {
  readonly minute: number;
  readonly arrived: number;
  readonly lateP50Ms: number;
  readonly lateP99Ms: number;
  readonly early: number;
  readonly apps: Readonly<Record<string, Footprint | undefined>>;
}

try {
  const wish = readSoakArguments(process.argv.slice(2));
  if (wish.help) say(HELP.trimEnd());
  else await soak(wish);
  process.exit(process.exitCode ?? 0);
} catch (error) {
  await undo.all().catch(() => undefined);
  exitWith(error);
}

async function soak({ minutes, rate }: SoakArguments): Promise<void> {
  onStopSignal(
    () => void undo.all().finally(() => process.exit(130)),
    () => process.exit(130),
  );
  const logDir = mkdtempSync(join(tmpdir(), 'mailtide-soak-'));
  const servers = await Servers.start('soak');
  undo.add(() => servers.stop());
  const { process: witness, hello: smtpPort } = await SideProcess.start<number>('../chaos/witness.js', ['1']);
  undo.add(() => witness.stop());
  const fleet = await Fleet.start({ env: servers.env, replicas: 1, smtpPort, logDir });
  undo.add(() => fleet.stop());
  const load = new SteadyLoad(fleet.apis[0] ?? '', fleet.key, rate);
  process.stderr.write(`${rate} emails a second for ${minutes} minutes; logs in ${logDir}\n`);

  const loading = load.run();
  const history: Minute[] = [];
  for (let minute = 1; minute <= minutes; minute += 1) {
    await pause(MINUTE_MS);
    const row = look(minute, await witness.ask<Arrival[]>('take'), load, fleet);
    history.push(row);
    process.stderr.write(`${lineOf(row)}\n`);
  }
  load.stop();
  await loading;
  await pause(SETTLE_MS);
  const last = await witness.ask<Arrival[]>('take');
  for (const { deliveryId } of last) load.dueAtMs(deliveryId);
  say(
    JSON.stringify({
      minutes,
      rate,
      created: load.created,
      refused: load.failed,
      missing: load.open,
      ...summary(history),
    }),
  );
  if (load.open > 0 || load.failed > 0 || history.some(({ early }) => early > 0)) process.exitCode = 1;
  await undo.all();
}

function look(minute: number, arrivals: readonly Arrival[], load: SteadyLoad, fleet: Fleet): Minute {
  const lateness = arrivals.flatMap(({ deliveryId, atMs }) => {
    const due = load.dueAtMs(deliveryId);
    return due === undefined ? [] : atMs - due;
  });
  const { p50, p99 } = spreadOf(lateness);
  const apps = Object.fromEntries(fleet.apps.map(({ label, app }) => [label, footprintOf(app.pid)]));
  const early = lateness.filter((ms) => ms < 0).length;
  return { minute, arrived: arrivals.length, lateP50Ms: p50, lateP99Ms: p99, early, apps };
}

function lineOf({ minute, arrived, lateP50Ms, lateP99Ms, apps }: Minute): string {
  const shown = Object.entries(apps).map(
    ([label, is]) => `${label} ${is?.memoryMib ?? '?'} MiB ${is?.openFiles ?? '?'} fds`,
  );
  return `${String(minute).padStart(4)} min  ${arrived} arrived, late p50 ${lateP50Ms.toFixed(0)} p99 ${lateP99Ms.toFixed(0)} ms; ${shown.join(', ')}`;
}

/** The second tenth beside the last: the first still warms up. */
function summary(history: readonly Minute[]): object {
  const tenth = Math.max(1, Math.floor(history.length / 10));
  const early = history.slice(tenth, 2 * tenth);
  const late = history.slice(-tenth);
  const mean = (rows: readonly Minute[], of: (row: Minute) => number) =>
    Math.round((rows.reduce((sum, row) => sum + of(row), 0) / Math.max(1, rows.length)) * 10) / 10;
  const pair = (of: (row: Minute) => number) => [mean(early, of), mean(late, of)];
  const labels = Object.keys(history[0]?.apps ?? {});
  return {
    lateP50Ms: pair((row) => row.lateP50Ms),
    lateP99Ms: pair((row) => row.lateP99Ms),
    memoryMib: Object.fromEntries(labels.map((label) => [label, pair((row) => row.apps[label]?.memoryMib ?? 0)])),
    openFiles: Object.fromEntries(labels.map((label) => [label, pair((row) => row.apps[label]?.openFiles ?? 0)])),
  };
}
