import { readFileSync } from 'node:fs';
import { childrenOf, titleOf } from '../bench/process-table.js';

/** What the processes that a proof has started are called, apps by their names. */
const NAMES: readonly (readonly [RegExp, (title: RegExpExecArray) => string])[] = [
  [/\/apps\/(\w+)\//, ([, app]) => app ?? ''],
  [/\/bin\/postgres /, () => 'postgres'],
  [/kafka\.Kafka/, () => 'kafka'],
];

/** The processes that this one has started now, by name; sessions of Postgres among them. */
export function ownProcesses(): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const pid of childrenOf(process.pid)) {
    const title = titleOf(pid);
    for (const [pattern, nameOf] of NAMES) {
      const match = pattern.exec(title);
      if (match) found.set(nameOf(match), [...(found.get(nameOf(match)) ?? []), pid, ...childrenOf(pid)]);
    }
  }
  return found;
}

/** The most memory that any process of this name ever had resident, in MiB (`VmHWM`, proc(5)). */
export function notePeaks(peaks: Map<string, number>): void {
  for (const [name, pids] of ownProcesses()) {
    for (const pid of pids) peaks.set(name, Math.max(peaks.get(name) ?? 0, peakMiBOf(pid)));
  }
}

function peakMiBOf(pid: number): number {
  try {
    const kib = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0;
    return Math.round(Number(kib) / 1_024);
  } catch {
    return 0; // it ended meanwhile
  }
}
