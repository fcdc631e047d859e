import type { DueClaim } from '#storage';

/**
 * Claimed deliveries that wait for their millisecond. Claimed a little ahead, so that the time of claiming does not make
 * anything late; handed over when the database's clock has passed their due time, so that nothing is early.
 */
export class LookAhead {
  private held: DueClaim[] = [];

  get size(): number {
    return this.held.length;
  }

  /** When the earliest is due, in milliseconds since 1970; undefined when nothing is held. */
  get nextDueMs(): number | undefined {
    return this.held[0]?.dueMs;
  }

  hold(claims: readonly DueClaim[]): void {
    if (claims.length === 0) return;
    const latest = this.held.at(-1)?.dueMs ?? -Infinity;
    const inOrder = claims.toSorted((a, b) => a.dueMs - b.dueMs);
    const fits = (inOrder[0]?.dueMs ?? 0) >= latest;
    this.held = fits ? this.held.concat(inOrder) : this.held.concat(inOrder).toSorted((a, b) => a.dueMs - b.dueMs);
  }

  /** Takes out what is due at this time of the database. */
  take(nowMs: number): DueClaim[] {
    const end = this.held.findIndex((claim) => claim.dueMs > nowMs);
    return this.held.splice(0, end === -1 ? this.held.length : end);
  }

  /** Takes out everything, due or not. */
  takeAll(): DueClaim[] {
    return this.held.splice(0);
  }
}
