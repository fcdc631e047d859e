/** Without it a claim walks over the dead index entries of everything claimed before. */
const SLACK_MS = 500; // an insert may commit this much after its due time was made
const FULL_WALK_EVERY = 50;
const FULL_WALK_MS = 1_000;
/** A walk over many that are too late to be sent takes long: it then takes a tenth of the time at most. */
const REST_PER_WALK = 10;

/**
 * Where a claim may begin to search: a little below the highest due time claimed so far. It is not safe alone (late
 * commits, releases and edits into the past lie below it), so now and then a claim walks from the beginning.
 */
export class Watermark {
  private highestMs: number | null = null;
  private claims = 0;
  private walkedAt = -Infinity;
  private restMs = 0;
  private isWalking = false;

  constructor(private readonly monotonicMs: () => number = () => performance.now()) {}

  /** The mark for the next claim, in ms since 1970; null walks from the beginning. */
  next(): number | null {
    this.claims += 1;
    const sinceMs = this.monotonicMs() - this.walkedAt;
    const isTime = this.claims % FULL_WALK_EVERY === 0 || sinceMs >= FULL_WALK_MS;
    if (this.highestMs !== null && !(isTime && sinceMs >= this.restMs)) return this.highestMs;
    this.walkedAt = this.monotonicMs();
    this.isWalking = true;
    return null;
  }

  /** Never above the present: what is claimed ahead must not hide what becomes due now. */
  claimed(highestDueMs: number, nowMs: number): void {
    this.noteWalk();
    this.highestMs = Math.max(this.highestMs ?? -Infinity, Math.min(highestDueMs, nowMs) - SLACK_MS);
  }

  /** A claim that began at this time found nothing: nothing below it can be claimed, as far as it saw. */
  foundNothing(beganMs: number): void {
    this.claimed(beganMs, beganMs);
  }

  reset(): void {
    this.highestMs = null;
  }

  /** The first answer after a walk tells how long it took. */
  private noteWalk(): void {
    if (!this.isWalking) return;
    this.isWalking = false;
    this.restMs = (this.monotonicMs() - this.walkedAt) * REST_PER_WALK;
  }
}
