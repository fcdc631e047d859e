import type { ProcessId } from '#domain';
import type { ProcessRow } from '#storage';

/**
 * Tells which processes have gone silent, timed on our own monotonic clock: a jump of the database's clock kills nobody,
 * and only reads that succeeded count.
 */
export class Silence {
  private seen = new Map<ProcessId, { beat: string; sinceMs: number }>();

  constructor(
    private readonly silentSeconds: number,
    private readonly monotonicMs: () => number = () => performance.now(),
  ) {}

  /** Takes a fresh reading; the processes proven dead, and those silent for too long. */
  read(processes: readonly ProcessRow[]): { dead: ProcessId[]; silent: ProcessId[] } {
    const now = this.monotonicMs();
    this.seen = new Map(
      processes.map(({ id, beat }) => {
        const last = this.seen.get(id);
        return [id, last?.beat === beat ? last : { beat, sinceMs: now }];
      }),
    );
    const dead = processes.filter(({ ended }) => ended).map(({ id }) => id);
    const silent = processes
      .filter(({ id, ended }) => !ended && now - (this.seen.get(id)?.sinceMs ?? now) >= this.silentSeconds * 1000)
      .map(({ id }) => id);
    return { dead, silent };
  }
}
