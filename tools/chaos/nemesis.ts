import { setTimeout as pause } from 'node:timers/promises';
import type { Fleet } from './fleet.js';
import type { Servers } from './servers.js';

export interface NemesisOptions {
  readonly fleet: Fleet;
  readonly servers: Servers;
  readonly seconds: number;
  readonly random: () => number;
  readonly say: (line: string) => void;
}

/** Breaks things for a while: processes at random, and in their turn the broker, its data and the database. How often it did what. */
export async function torment({
  fleet,
  servers,
  seconds,
  random,
  say,
}: NemesisOptions): Promise<Record<string, number>> {
  const did: Record<string, number> = {};
  const note = (what: string, whom: string) => {
    did[what] = (did[what] ?? 0) + 1;
    say(`${what} ${whom}`);
  };
  const begin = performance.now();
  const until = begin + seconds * 1_000;
  const serversInTurn = async () => {
    for (const { at, what, whom, act } of [
      { at: 0.25, what: 'kill -9', whom: 'kafka', act: () => servers.crashKafka(false) },
      { at: 0.5, what: 'wipe', whom: 'kafka', act: () => servers.crashKafka(true) },
      { at: 0.75, what: 'kill -9', whom: 'postgres', act: () => servers.crashPostgres() },
    ]) {
      await pause(begin + at * seconds * 1_000 - performance.now());
      note(what, whom);
      await act();
      say(`${whom} is back`);
    }
  };
  const serversBroken = serversInTurn();
  while (performance.now() < until) {
    await pause(1_000 + random() * 3_000);
    const victim = fleet.apps[Math.floor(random() * fleet.apps.length)];
    const dice = random();
    if (victim && performance.now() < until) await strike(victim, dice, random() * 8_000, note);
  }
  await serversBroken;
  return did;
}

async function strike(
  { label, app }: Fleet['apps'][number],
  dice: number,
  frozenMs: number,
  note: (what: string, whom: string) => void,
): Promise<void> {
  if (dice < 0.7) {
    note('kill -9', label);
    app.signal('SIGKILL');
  } else if (dice < 0.9) {
    note('freeze', label);
    app.signal('SIGSTOP');
    setTimeout(() => app.signal('SIGCONT'), frozenMs);
  } else {
    note('SIGTERM', label);
    app.signal('SIGTERM');
  }
}
