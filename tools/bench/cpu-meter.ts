import { cpuUsOf } from './process-table.js';

/** Who is measured: a name for people, and the processes behind it now. */
export type Measured = Readonly<Record<string, () => readonly number[]>>;

/** Sessions of Postgres come and go; what they used until then counts. */
const LOOK_MS = 500;

interface Usage {
  readonly name: string;
  readonly firstUs: number;
  lastUs: number;
}

/** CPU time of groups of processes from `start` to `stop`. */
export class CpuMeter {
  private readonly usages = new Map<number, Usage>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly measured: Measured) {}

  start(): void {
    this.look(() => undefined);
    // Born later: all its life belongs to the part that is measured.
    this.timer = setInterval(() => this.look(() => 0), LOOK_MS);
  }

  /** Microseconds by name; a name is missing where nothing could be read. */
  stop(): Readonly<Record<string, number>> {
    clearInterval(this.timer);
    this.look(() => 0);
    const sums: Record<string, number> = {};
    for (const { name, firstUs, lastUs } of this.usages.values()) sums[name] = (sums[name] ?? 0) + lastUs - firstUs;
    return sums;
  }

  private look(firstUsOfNew: () => number | undefined): void {
    for (const [name, pids] of Object.entries(this.measured)) {
      for (const pid of pids()) {
        const us = cpuUsOf(pid);
        const known = this.usages.get(pid);
        if (us === undefined) continue;
        if (known) known.lastUs = us;
        else this.usages.set(pid, { name, firstUs: firstUsOfNew() ?? us, lastUs: us });
      }
    }
  }
}
