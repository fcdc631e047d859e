import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { EXIT_CONFIG } from '#config';
import { backoffMs } from './backoff.js';

export interface SupervisedAppOptions {
  readonly name: string;
  /** The JavaScript file that is run. */
  readonly main: string;
  readonly env: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
  /** Told once when starting it again is no use: its exit status, and what it said last. */
  readonly onHopeless: (status: number, lastWords: string) => void;
}

interface Life {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Milliseconds from its first "ready" to its end; null when it never was. */
  readonly readyMs: number | null;
  readonly lastWords: string;
}

/** kafkajs passes negative times to timers, which Node from 24 on warns of once and takes for 1 ms. */
const FLAGS = ['--enable-source-maps', '--disable-warning=TimeoutNegativeWarning'];
/** Longer than the longest drain, 60 s: an app leaves by itself before. */
const STOP_MS = 65_000;
/** Who was ready for so long begins a new count of deaths. */
const STEADY_MS = 10_000;
/** An app that was never ready does not get so many more chances. */
const STILLBIRTHS = 5;

/** One app as a child process. When it dies it is started again, later each time; not when its configuration is wrong. */
export class SupervisedApp {
  private child: ChildProcess | undefined;
  private running: Promise<void> | undefined;
  private stopping = false;
  private cutWait: (() => void) | undefined;
  private isReady = () => {};
  private readonly ready = new Promise<void>((resolve) => (this.isReady = resolve));

  constructor(private readonly options: SupervisedAppOptions) {}

  /** Resolves when the app says that it is ready, however many starts that takes. */
  start(): Promise<void> {
    this.running ??= this.run();
    return this.ready;
  }

  /** Lets it drain and waits until it has ended. May be called twice. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.cutWait?.();
    this.child?.kill('SIGTERM');
    const force = setTimeout(() => this.killNow(), STOP_MS);
    await this.running;
    clearTimeout(force);
  }

  /** The process that it is now; undefined between two lives. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** A signal out of the blue, for rehearsing failures: what it ends is started again. */
  signal(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  killNow(): void {
    this.stopping = true;
    this.child?.kill('SIGKILL');
  }

  private async run(): Promise<void> {
    let deaths = 0;
    let wasReady = false;
    while (!this.stopping) {
      const life = await this.live();
      if (this.stopping) return;
      deaths = life.readyMs !== null && life.readyMs >= STEADY_MS ? 1 : deaths + 1;
      wasReady ||= life.readyMs !== null;
      if (life.status === EXIT_CONFIG || (!wasReady && deaths >= STILLBIRTHS)) {
        this.options.onHopeless(life.status ?? 1, life.lastWords);
        return;
      }
      const waitMs = backoffMs(deaths);
      const how = life.signal ?? `status ${life.status ?? 'unknown'}`;
      this.options.say(`${this.options.name} ended (${how}): it is started again in ${waitMs / 1000} s`);
      await this.wait(waitMs);
    }
  }

  /** From spawn to the end of its output. */
  private live(): Promise<Life> {
    const { name, main, env, say } = this.options;
    const lastWords: string[] = [];
    let readyAt: number | undefined;
    // A process group of its own: Ctrl-C in the terminal reaches it through us only, else it would count as two signals.
    const child = spawn(process.execPath, [...FLAGS, main], {
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.child = child;
    for (const output of [child.stdout, child.stderr]) {
      if (!output) continue;
      createInterface(output).on('line', (line) => {
        say(`${name.padEnd(9)} | ${line}`);
        if (output === child.stderr) lastWords.splice(0, Math.max(0, lastWords.push(line) - 20));
      });
    }
    child.on('message', (message) => {
      if (message !== 'ready') return;
      readyAt ??= performance.now();
      this.isReady();
    });
    return new Promise((resolve) => {
      const end = (status: number | null, signal: NodeJS.Signals | null) => {
        this.child = undefined;
        const readyMs = readyAt === undefined ? null : performance.now() - readyAt;
        resolve({ status, signal, readyMs, lastWords: lastWords.join('\n') });
      };
      child.once('error', (error) => {
        lastWords.push(error.message);
        end(1, null);
      });
      child.once('close', end);
    });
  }

  private wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.cutWait = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
