/**
 * What time it is at the database, as far as this process knows without asking.
 * The reading is dated when it arrives, so the answer is never ahead of the truth, and behind by at most the way back.
 */
export class DatabaseClock {
  private base: { readonly databaseMs: number; readonly readAt: number } | undefined;

  constructor(private readonly monotonicMs: () => number = () => performance.now()) {}

  /** Takes a fresh reading: milliseconds since 1970 by the database. */
  read(databaseMs: number): void {
    this.base = { databaseMs, readAt: this.monotonicMs() };
  }

  /** Milliseconds since 1970 by the database; undefined before the first reading. */
  now(): number | undefined {
    return this.base && this.base.databaseMs + (this.monotonicMs() - this.base.readAt);
  }
}
