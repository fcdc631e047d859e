import { readdirSync, readFileSync } from 'node:fs';

/** What a process holds at a moment. */
export interface Footprint {
  readonly memoryMib: number;
  readonly openFiles: number;
}

const PAGE_MIB = 4_096 / 1_048_576;

/** Read from /proc; undefined where there is none, or where the process has just ended. */
export function footprintOf(pid: number | undefined): Footprint | undefined {
  if (pid === undefined) return undefined;
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
    return { memoryMib: Math.round(pages * PAGE_MIB), openFiles: readdirSync(`/proc/${pid}/fd`).length };
  } catch {
    return undefined;
  }
}
