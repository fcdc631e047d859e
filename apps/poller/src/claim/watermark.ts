/** Without it a claim walks over the dead index entries of everything claimed before. */
const SLACK_MS = 500; // an insert may commit this much after its due time was made
const FULL_WALK_EVERY = 50;
const FULL_WALK_MS = 1_000;

/**
 * Where a claim may begin to search: a little below the highest due time claimed so far. It is not safe alone (late
 * commits, releases and edits into the past lie below it), so now and then a claim walks from the beginning.
 */
export class Watermark {
  private highestMs: number | null = null;
  private claims = 0;
  private walkedAt = -Infinity;

  constructor(private readonly monotonicMs: () => number = () => performance.now()) {}

  /** The mark for the next claim, in ms since 1970; null walks from the beginning. */
  next(): number | null {
    this.claims += 1;
    const isWalk =
      this.highestMs === null ||
      this.claims % FULL_WALK_EVERY === 0 ||
      this.monotonicMs() - this.walkedAt >= FULL_WALK_MS;
    if (!isWalk) return this.highestMs;
    this.walkedAt = this.monotonicMs();
    return null;
  }

  /** Never above the present: what is claimed ahead must not hide what becomes due now. */
  claimed(highestDueMs: number, nowMs: number): void {
    this.highestMs = Math.max(this.highestMs ?? -Infinity, Math.min(highestDueMs, nowMs) - SLACK_MS);
  }

  reset(): void {
    this.highestMs = null;
  }
}
