import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SideProcess } from '../bench/side-process.js';
import type { Undo } from '../bench/undo.js';
import type { Arrival } from '../chaos/evidence.js';
import { type AppName, Fleet, SHORT_TIMINGS } from '../chaos/fleet.js';
import { Servers } from '../chaos/servers.js';
import { Api } from './api.js';

export interface StageOptions {
  /** What is proved: names the folder of its servers. */
  readonly name: string;
  readonly replicas: Readonly<Record<AppName, number>>;
  /** Waits as short as in the chaos run; else those of production. */
  readonly short?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** Servers that nobody else uses, the apps, and an SMTP witness that nobody kills. */
export class Stage {
  private constructor(
    readonly servers: Servers,
    readonly fleet: Fleet,
    readonly api: Api,
    private readonly witness: SideProcess,
    readonly logDir: string,
  ) {}

  static async set({ name, replicas, short = false, env = {} }: StageOptions, undo: Undo): Promise<Stage> {
    const logDir = mkdtempSync(join(tmpdir(), `mailtide-prove-${name}-`));
    progress(`Postgres and Kafka; logs in ${logDir}`);
    const servers = await Servers.start(`prove-${name}`);
    undo.add(() => servers.stop());
    const { process: witness, hello: smtpPort } = await SideProcess.start<number>('../chaos/witness.js', ['1', '0']);
    undo.add(() => witness.stop());
    progress('the apps');
    const timings = short ? SHORT_TIMINGS : {};
    // An app is started again under its name once it has ended: whoever enters proves the one before dead.
    const own = { INSTANCE_EXCLUSIVE: '1', ...timings, ...env };
    const fleet = await Fleet.start({ env: { ...servers.env, ...own }, replicas, smtpPort, logDir });
    undo.add(() => fleet.stop());
    return new Stage(servers, fleet, new Api(fleet.apis[0] ?? '', fleet.key), witness, logDir);
  }

  /** Every message whose final dot was read, in the order it was. */
  arrivals(): Promise<Arrival[]> {
    return this.witness.ask<Arrival[]>('report');
  }

  arrived(): Promise<number> {
    return this.witness.ask<number>('count');
  }

  /** Kills processes of these apps at random, with so many seconds between, until it is called off. */
  torment(apps: readonly AppName[], everySeconds: number, random: () => number): () => Promise<number> {
    const victims = this.fleet.apps.filter(({ label }) => apps.some((app) => label.startsWith(app)));
    let kills = 0;
    let timer: NodeJS.Timeout | undefined;
    const strike = () => {
      const victim = victims[Math.floor(random() * victims.length)];
      if (victim) {
        victim.app.signal('SIGKILL');
        kills += 1;
      }
      timer = setTimeout(strike, everySeconds * 1_000 * (0.5 + random()));
    };
    timer = setTimeout(strike, everySeconds * 1_000);
    return async () => {
      clearTimeout(timer);
      return kills;
    };
  }
}

/** Standard error: standard output is for the result. */
export function progress(line: string): void {
  process.stderr.write(`${`${(performance.now() / 1_000).toFixed(1)} s`.padStart(8)}  ${line}\n`);
}
