const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

interface Rest {
  readonly failures: number;
  readonly untilMs: number;
}

/** What went wrong is left alone for a while, twice as long each time. */
export class BackOff<Id> {
  private readonly rests = new Map<Id, Rest>();

  failed(id: Id, nowMs: number): void {
    const failures = (this.rests.get(id)?.failures ?? 0) + 1;
    this.rests.set(id, { failures, untilMs: nowMs + Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1)) });
  }

  forget(id: Id): void {
    this.rests.delete(id);
  }

  isResting(id: Id, nowMs: number): boolean {
    return nowMs < (this.rests.get(id)?.untilMs ?? 0);
  }
}
