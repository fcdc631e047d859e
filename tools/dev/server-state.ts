import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { answersOn } from './ports.js';

/** What is noted of a server of ours while it runs, so that other processes find it. */
export interface ServerState {
  pid: number;
  port: number;
  /** The process that stops the server when it ends; 0 when it runs until it is told to stop. */
  owner: number;
}

/** The port of our server if it runs, whoever started it. */
export async function runningPort(stateDir: string, name: string): Promise<number | undefined> {
  const state = readState(join(stateDir, `${name}.json`));
  return state && isAlive(state.pid) && (await answersOn(state.port)) ? state.port : undefined;
}

/** Whether our server runs and somebody counts on it: a living process, or a person who wants it in the background. */
export async function isInUse(stateDir: string, name: string): Promise<boolean> {
  const state = readState(join(stateDir, `${name}.json`));
  if (!state || (await runningPort(stateDir, name)) === undefined) return false;
  return state.owner === 0 || isAlive(state.owner);
}

/** The living process that stops our server when it ends; undefined when the server does not run, or runs in the background. */
export function ownerOf(stateDir: string, name: string): number | undefined {
  const state = readState(join(stateDir, `${name}.json`));
  return state && isAlive(state.pid) && state.owner !== 0 && isAlive(state.owner) ? state.owner : undefined;
}

export function readState(path: string): ServerState | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ServerState;
  } catch {
    return undefined;
  }
}

export function writeState(path: string, state: ServerState): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(state)}\n`);
}

/** Another server may have taken the place of ours meanwhile: whoever started it must find it. */
export function forget(statePath: string, pid: number): void {
  if (readState(statePath)?.pid === pid) rmSync(statePath, { force: true });
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A child that has ended but was not waited for yet still answers: Linux shows it as a zombie.
    return !(existsSync(`/proc/${pid}/stat`) && /^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8')));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
