import { readFileSync } from 'node:fs';

/** Linux counts CPU time in hundredths of a second for programs, whatever the kernel's own clock (USER_HZ). */
const TICK_US = 10_000;

/** CPU time of a process with all its threads, in microseconds; undefined where there is no such process or no /proc. */
export function cpuUsOf(pid: number): number | undefined {
  const fields = statOf(pid);
  return fields && (Number(fields[11]) + Number(fields[12])) * TICK_US;
}

export function parentOf(pid: number): number | undefined {
  const fields = statOf(pid);
  return fields && Number(fields[1]);
}

export const childrenOf = (pid: number): number[] =>
  (read(`/proc/${pid}/task/${pid}/children`) ?? '').split(' ').filter(Boolean).map(Number);

/** What it calls itself: Postgres writes there which database a session is for. */
export const titleOf = (pid: number): string => (read(`/proc/${pid}/cmdline`) ?? '').replaceAll('\0', ' ').trim();

/** Resident memory in MiB. */
export const memoryMibOf = (pid: number): number | undefined => {
  const kib = /^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1];
  return kib === undefined ? undefined : Math.round(Number(kib) / 1024);
};

/** The fields of /proc/<pid>/stat behind the name: state, parent ... (proc(5)). The name may hold anything, even spaces. */
function statOf(pid: number): string[] | undefined {
  const text = read(`/proc/${pid}/stat`);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ');
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // it has ended, or this is no Linux
  }
}
