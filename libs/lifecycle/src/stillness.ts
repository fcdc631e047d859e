/**
 * How long things have not changed, on our own monotonic clock: a jump of the database's clock means nothing here. Only
 * readings that succeeded count, each gap between two of them as at most `maxGapMs`: while we could not look, those we
 * look at may have been unable to move, too.
 */
export class Stillness {
  private seen = new Map<string, { readonly mark: string; readonly stillMs: number }>();
  private readAt: number | undefined;

  constructor(
    private readonly maxGapMs: number,
    private readonly monotonicMs: () => number = () => performance.now(),
  ) {}

  /** Takes a reading of everything; for each thing how many ms its mark has been the same. What is not in it is forgotten. */
  read(marks: ReadonlyMap<string, string>): ReadonlyMap<string, number> {
    const now = this.monotonicMs();
    const gapMs = Math.min(now - (this.readAt ?? now), this.maxGapMs);
    this.readAt = now;
    this.seen = new Map(
      [...marks].map(([id, mark]) => {
        const last = this.seen.get(id);
        return [id, { mark, stillMs: last?.mark === mark ? last.stillMs + gapMs : 0 }];
      }),
    );
    return new Map([...this.seen].map(([id, { stillMs }]) => [id, stillMs]));
  }
}
