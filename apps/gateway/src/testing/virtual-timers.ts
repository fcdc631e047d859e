import type { Timers } from '../status/timers.js';

/** Time that passes only when it is told to. For specs. */
export class VirtualTimers implements Timers {
  private at = 0;
  private readonly planned = new Set<{ readonly at: number; readonly work: () => void }>();

  readonly now = (): number => this.at;

  readonly after = (ms: number, work: () => void): (() => void) => {
    const plan = { at: this.at + ms, work };
    this.planned.add(plan);
    return () => void this.planned.delete(plan);
  };

  pass(ms: number): void {
    const end = this.at + ms;
    for (;;) {
      const [next] = [...this.planned].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at);
      if (!next) break;
      this.planned.delete(next);
      this.at = next.at;
      next.work();
    }
    this.at = end;
  }
}
