import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from './server-state.js';

/** An `npm start` of this checkout, as others see it. */
export interface RunningStart {
  readonly pid: number;
  /** The base URL of its API. */
  readonly api: string;
  /** Those of its apps. */
  readonly ports: readonly number[];
}

/** The other `npm start` of this checkout that lives, if there is one. */
export function otherStart(stateDir: string): RunningStart | undefined {
  const start = readStart(stateDir);
  return start && start.pid !== process.pid && isAlive(start.pid) ? start : undefined;
}

/** Lets others know that this process is one. Of several beside each other the first is known. */
export function announceStart(stateDir: string, start: Omit<RunningStart, 'pid'>): void {
  if (otherStart(stateDir)) return;
  mkdirSync(stateDir, { recursive: true });
  writeFileSync(pathIn(stateDir), `${JSON.stringify({ pid: process.pid, ...start })}\n`);
}

/** The opposite of announceStart. */
export function withdrawStart(stateDir: string): void {
  if (readStart(stateDir)?.pid === process.pid) rmSync(pathIn(stateDir), { force: true });
}

export const alreadyRuns = ({ pid, api }: Pick<RunningStart, 'pid' | 'api'>): string =>
  `Mailtide already runs here (pid ${pid}), ${api}; Ctrl-C there stops it`;

function readStart(stateDir: string): RunningStart | undefined {
  try {
    return JSON.parse(readFileSync(pathIn(stateDir), 'utf8')) as RunningStart;
  } catch {
    return undefined; // there is none
  }
}

const pathIn = (stateDir: string) => join(stateDir, 'start.json');
