import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../dev/project-root.js';
import { APPS } from '../start/apps.js';

export interface AppProcessesOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Their lines go to files there: a pipe would make the bench read them. */
  readonly logDir: string;
  /** Where CPU profiles go; null: none. */
  readonly profileDir: string | null;
}

export type AppName = (typeof APPS)[number]['name'];

/** The four apps as processes, the way they run in production. */
export class AppProcesses {
  private readonly children = new Map<AppName, ChildProcess>();
  private readonly ends: Promise<unknown>[] = [];
  private stopping = false;
  private onDeath: (error: Error) => void = () => undefined;
  /** Rejects when an app ends that was not told to. */
  readonly death = new Promise<never>((_, reject) => (this.onDeath = reject));

  constructor(private readonly options: AppProcessesOptions) {
    this.death.catch(() => undefined); // whoever waits for something races with it
  }

  async start(): Promise<void> {
    const ready = APPS.map(({ name }) => this.startOne(name));
    await Promise.race([Promise.all(ready), this.death]);
  }

  pidOf(name: AppName): number {
    return this.children.get(name)?.pid ?? 0;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    for (const child of this.children.values()) child.kill('SIGTERM');
    await Promise.all(this.ends);
  }

  private startOne(name: AppName): Promise<unknown> {
    const { env, logDir, profileDir } = this.options;
    const path = join(logDir, `${name}.log`);
    const log = openSync(path, 'w');
    const profile =
      profileDir === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`, `--cpu-prof-name=${name}.cpuprofile`];
    const main = join(projectRoot(), 'dist/apps', name, 'src/main.js');
    const child = spawn(process.execPath, [...profile, '--enable-source-maps', main], {
      env: { ...env, INSTANCE_NAME: `${name}-bench` },
      detached: true, // Ctrl-C in the terminal reaches it through us only
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    this.children.set(name, child);
    this.ends.push(
      new Promise((resolve) =>
        child.once('exit', (code, signal) => {
          resolve(code);
          if (!this.stopping) this.onDeath(new Error(`${name} ended (${signal ?? code ?? ''}); see ${path}`));
        }),
      ),
    );
    return new Promise((resolve) => child.once('message', resolve));
  }
}
