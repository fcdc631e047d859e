import { setImmediate as nextTurn } from 'node:timers/promises';

/** So long others may wait for what is rendered: gates, replies and renewals of grants need the same thread. */
const TURN_MS = 5;

/** Lets contents be rendered one after the other, and everything else in between. A hundred workers at once would let nothing in. */
export class RenderTurns {
  private last: Promise<unknown> = Promise.resolve();
  private usedMs = 0;

  /** Runs `work`, which does not await, when its turn comes. */
  run<T>(work: () => T): Promise<T> {
    const turn = this.last.then(() => this.take(work));
    this.last = turn.catch(() => undefined);
    return turn;
  }

  private async take<T>(work: () => T): Promise<T> {
    if (this.usedMs >= TURN_MS) {
      await nextTurn();
      this.usedMs = 0;
    }
    const began = performance.now();
    try {
      return work();
    } finally {
      this.usedMs += performance.now() - began;
    }
  }
}
