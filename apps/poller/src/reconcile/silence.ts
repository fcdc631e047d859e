import type { ProcessId } from '#domain';
import { Stillness } from '#lifecycle';
import type { ProcessRow } from '#storage';

/** Two readings may lie this far apart and still prove that nothing beat between them. */
const MAX_GAP_MS = 5_000;

/** Tells which processes have gone silent, timed on our own monotonic clock; only reads that succeeded count. */
export class Silence {
  private readonly stillness: Stillness;

  constructor(
    private readonly silentSeconds: number,
    monotonicMs: () => number = () => performance.now(),
  ) {
    this.stillness = new Stillness(MAX_GAP_MS, monotonicMs);
  }

  /** Takes a fresh reading; the processes proven dead, and those silent for too long. */
  read(processes: readonly ProcessRow[]): { dead: ProcessId[]; silent: ProcessId[] } {
    const still = this.stillness.read(new Map(processes.map(({ id, beat }) => [id, beat])));
    const dead = processes.filter(({ ended }) => ended).map(({ id }) => id);
    const silent = processes
      .filter(({ id, ended }) => !ended && (still.get(id) ?? 0) >= this.silentSeconds * 1000)
      .map(({ id }) => id);
    return { dead, silent };
  }
}
