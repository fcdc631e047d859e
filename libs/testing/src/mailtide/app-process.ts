import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { childEnvironment } from '#config';

export interface AppProcessOptions {
  readonly name: string;
  /** The compiled main file. */
  readonly main: string;
  readonly env: Readonly<Record<string, string>>;
  /** Where its lines go; a failed test is read there. */
  readonly logPath: string;
}

const READY_MS = 60_000;

/** One app as its own process, the way it runs in production: it can be killed, frozen and started again. */
export class AppProcess {
  private child: ChildProcess | undefined;
  private exited: Promise<number | null> = Promise.resolve(null);

  constructor(private readonly options: AppProcessOptions) {}

  /** Resolves when the app says that it is ready; rejects with the end of its log path when it ends instead. */
  async start(): Promise<void> {
    const { name, main, env, logPath } = this.options;
    mkdirSync(dirname(logPath), { recursive: true });
    const log = createWriteStream(logPath, { flags: 'a' });
    const child = spawn(process.execPath, ['--enable-source-maps', main], {
      env: childEnvironment(env),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.child = child;
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    this.exited = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`${name} was not ready in ${READY_MS} ms; see ${logPath}`)),
        READY_MS,
      );
      child.once('message', () => resolve());
      child.once('exit', (code, signal) =>
        reject(new Error(`${name} ended (${signal ?? code ?? ''}) before it was ready; see ${logPath}`)),
      );
      child.once('exit', () => clearTimeout(timer));
      child.once('message', () => clearTimeout(timer));
    });
  }

  /** Sends a signal and waits for the end; the exit code, or null when the signal killed it. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    this.child?.kill(signal);
    return this.exited;
  }

  /** Freezes (SIGSTOP) or thaws (SIGCONT) it. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.child?.kill(signal);
  }
}
