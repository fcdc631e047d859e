import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { percentile } from '../bench/percentile.js';
import { SideProcess } from '../bench/side-process.js';
import { Undo } from '../bench/undo.js';
import { until } from '../bench/until.js';
import { exitWith, say } from '../say.js';
import { onStopSignal } from '../stop-signals.js';
import { type ChaosArguments, HELP, readChaosArguments } from './chaos-arguments.js';
import { checkPromises } from './check-promises.js';
import type { Arrival } from './evidence.js';
import { Fleet, SHORT_TIMINGS } from './fleet.js';
import { Listener } from './listener.js';
import { torment } from './nemesis.js';
import { seededRandom } from './random.js';
import { countOpen, readFinalRows } from './read-final-rows.js';
import { Servers } from './servers.js';
import { Workload } from './workload.js';

/** `npm run chaos`: many emails while everything is killed; then each promise is checked against a witness that nobody killed. */
const CUT_ONE_IN = '200';
const QUIET_MS = 300_000;
const SHOWN = 20;
const undo = new Undo();

try {
  const wish = readChaosArguments(process.argv.slice(2));
  if (wish.help) say(HELP.trimEnd());
  else await chaos(wish);
  process.exit(process.exitCode ?? 0);
} catch (error) {
  await undo.all().catch(() => undefined);
  exitWith(error);
}

async function chaos({ emails, seconds, replicas, seed }: ChaosArguments): Promise<void> {
  onStopSignal(
    () => void undo.all().finally(() => process.exit(130)),
    () => process.exit(130),
  );
  const logDir = mkdtempSync(join(tmpdir(), 'mailtide-chaos-'));
  progress(`Postgres and Kafka; logs in ${logDir}`);
  const servers = await Servers.start('chaos');
  undo.add(() => servers.stop());
  const { process: witness, hello: smtpPort } = await SideProcess.start<number>('../chaos/witness.js', [
    String(seed),
    CUT_ONE_IN,
  ]);
  undo.add(() => witness.stop());
  progress(`${replicas} of each app`);
  const fleet = await Fleet.start({ env: { ...servers.env, ...SHORT_TIMINGS }, replicas, smtpPort, logDir });
  undo.add(() => fleet.stop());
  const listener = new Listener(fleet.gateways, fleet.key);
  listener.start();
  undo.add(async () => listener.stop());

  const workload = new Workload({ apis: fleet.apis, key: fleet.key, emails, seconds, random: seededRandom(seed) });
  const [did] = await Promise.all([
    torment({ fleet, servers, seconds, random: seededRandom(seed + 1), say: progress }),
    workload.run(),
  ]);
  progress('quiet now: waiting until everything has come to an end');
  await until('every delivery at its end', QUIET_MS, async () => (await countOpen(servers.databaseUrl)) === 0);
  const rows = await readFinalRows(servers.databaseUrl);
  await until('every end told', 60_000, async () => listener.told().length >= rows.length).catch(() => undefined);
  await until('the last status told', 20_000, async () => allTold(rows, listener)).catch(() => undefined);

  const arrivals = await witness.ask<Arrival[]>('report');
  const evidence = { ledger: workload.ledger, arrivals, rows, told: listener.told() };
  const violations = checkPromises(evidence);
  for (const { promise, what } of violations.slice(0, SHOWN)) say(`BROKEN  ${promise}: ${what}`);
  if (violations.length > SHOWN) say(`... and ${violations.length - SHOWN} more`);
  say(
    JSON.stringify({
      emails: workload.ledger.length,
      arrivals: arrivals.length,
      unanswered: arrivals.filter(({ answered }) => !answered).length,
      duplicates: arrivals.length - new Set(arrivals.map(({ deliveryId }) => deliveryId)).size,
      ambiguous: rows.filter(({ ambiguous }) => ambiguous > 0).length,
      ends: countBy(rows.map(({ status }) => status)),
      cancels: countBy(workload.ledger.flatMap(({ cancel }) => cancel?.end ?? [])),
      edits: countBy(workload.ledger.flatMap(({ edit }) => edit?.end ?? [])),
      cancelP99Ms: Math.round(
        percentile(
          workload.cancelMs.toSorted((a, b) => a - b),
          99,
        ),
      ),
      faults: did,
      client: { reconnects: listener.reconnects, repeats: listener.repeats, skips: listener.skips },
      seed,
      violations: violations.length,
    }),
  );
  if (violations.length > 0) process.exitCode = 1;
  await undo.all();
}

function allTold(rows: Awaited<ReturnType<typeof readFinalRows>>, listener: Listener): boolean {
  const told = new Map(listener.told().map(({ deliveryId, status }) => [deliveryId, status]));
  return rows.every(({ deliveryId, status }) => told.get(deliveryId) === status);
}

function countBy(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

/** Standard error: standard output is for the result. */
function progress(line: string): void {
  process.stderr.write(`${`${(performance.now() / 1_000).toFixed(1)} s`.padStart(8)}  ${line}\n`);
}
