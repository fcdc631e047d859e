import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Counts, countsOf, type JestResult, jestResultIn } from './counts.js';
import type { Project } from './test-arguments.js';

export interface JestRunOptions {
  readonly projects: readonly Project[];
  readonly workers: number;
  readonly env: NodeJS.ProcessEnv;
  readonly jestArguments: readonly string[];
}

export interface JestRunEnd {
  readonly counts: Counts;
  readonly status: number;
  /** The test files that were run. */
  readonly files: readonly string[];
  /** What the tests have left behind, logs of the apps above all; null when nothing failed: then it is gone. */
  readonly folder: string | null;
}

/** A forgotten connection must not hang the run: so long after its result jest is ended. */
const LEAVE_MS = 10_000;

/** One run of jest, and what it counted. */
export class JestRun {
  private readonly folder = mkdtempSync(join(tmpdir(), 'mailtide-test-'));
  private readonly child: ChildProcess;
  private result: JestResult | undefined;

  constructor({ projects, workers, env, jestArguments }: JestRunOptions) {
    this.child = spawn(
      process.execPath,
      [
        '--experimental-vm-modules',
        '--no-warnings',
        'node_modules/jest/bin/jest.js',
        '--json',
        '--selectProjects',
        ...projects,
        '--passWithNoTests', // a path may be in one project only
        `--maxWorkers=${workers}`,
        `--cacheDirectory=${cacheFolder()}`,
        ...jestArguments,
      ],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...env, TMPDIR: this.folder, TEMP: this.folder, TMP: this.folder },
        detached: true,
      },
    );
  }

  async finish(): Promise<JestRunEnd> {
    const code = await this.untilEnd();
    const status = code ?? (this.result?.success === true ? 0 : 1);
    const counts = countsOf(this.result, status);
    const isWell = status === 0 && counts.failed === 0;
    if (isWell) rmSync(this.folder, { recursive: true, force: true });
    const files = this.result?.testResults.map(({ name }) => name) ?? [];
    return { counts, status, files, folder: isWell ? null : this.folder };
  }

  stop(): void {
    this.signal('SIGTERM');
  }

  killNow(): void {
    this.signal('SIGKILL');
  }

  /** The exit status; null when a signal ended it. */
  private async untilEnd(): Promise<number | null> {
    let output = '';
    let leave: NodeJS.Timeout | undefined;
    this.child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      this.result ??= jestResultIn(output);
      if (this.result) leave ??= setTimeout(() => this.killNow(), LEAVE_MS);
    });
    const status = await new Promise<number | null>((resolve) => {
      this.child.once('error', () => resolve(1));
      this.child.once('close', resolve);
    });
    clearTimeout(leave);
    return status;
  }

  /** To its whole process group: jest's workers would outlive it. */
  private signal(signal: NodeJS.Signals): void {
    const { pid, exitCode, signalCode } = this.child;
    if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, signal);
  }
}

/** Where jest keeps what it has compiled: it must outlive the folder of a run. */
function cacheFolder(): string {
  const folder = join('node_modules', '.cache', 'jest');
  mkdirSync(folder, { recursive: true });
  return folder;
}
