import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Counts, countsOf, type JestResult } from './counts.js';
import type { Project } from './test-arguments.js';

export interface JestRunOptions {
  readonly projects: readonly Project[];
  readonly workers: number;
  readonly env: NodeJS.ProcessEnv;
  readonly jestArguments: readonly string[];
}

/** One run of jest, and what it counted. */
export class JestRun {
  private readonly folder = mkdtempSync(join(tmpdir(), 'mailtide-test-'));
  private readonly child: ChildProcess;

  constructor({ projects, workers, env, jestArguments }: JestRunOptions) {
    this.child = spawn(
      process.execPath,
      [
        '--experimental-vm-modules',
        '--no-warnings',
        'node_modules/jest/bin/jest.js',
        '--json',
        `--outputFile=${this.resultPath}`,
        '--selectProjects',
        ...projects,
        '--passWithNoTests', // a path may be in one project only
        '--forceExit', // a forgotten connection must not hang the run
        `--maxWorkers=${workers}`,
        ...jestArguments,
      ],
      { stdio: ['ignore', 'ignore', 'inherit'], env, detached: true },
    );
  }

  async finish(): Promise<{ counts: Counts; status: number }> {
    const status = await new Promise<number>((resolve) => {
      this.child.once('error', () => resolve(1));
      this.child.once('close', (code) => resolve(code ?? 1));
    });
    const counts = countsOf(this.result(), status);
    rmSync(this.folder, { recursive: true, force: true });
    return { counts, status };
  }

  stop(): void {
    this.signal('SIGTERM');
  }

  killNow(): void {
    this.signal('SIGKILL');
  }

  /** To its whole process group: jest's workers would outlive it. */
  private signal(signal: NodeJS.Signals): void {
    const { pid, exitCode, signalCode } = this.child;
    if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, signal);
  }

  private get resultPath(): string {
    return join(this.folder, 'result.json');
  }

  private result(): JestResult | undefined {
    try {
      return JSON.parse(readFileSync(this.resultPath, 'utf8')) as JestResult;
    } catch {
      return undefined; // it ended before it had one
    }
  }
}
