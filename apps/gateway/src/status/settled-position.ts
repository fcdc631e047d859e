/** A partition that is behind the others is given this long to catch up. */
const SETTLE_MS = 5_000;

/**
 * From which transaction on a client may have missed something. Events come over many partitions, and one may be ahead
 * of another: so a position counts only when it was first seen a while ago. A replay from there repeats a few events
 * and leaves none out.
 */
export class SettledPosition {
  private settled: bigint;
  private readonly recent: { readonly position: bigint; readonly seenAt: number }[] = [];

  /** @param start below it, everything had happened before this process began to listen */
  constructor(
    start: string,
    private readonly monotonicMs: () => number = () => performance.now(),
  ) {
    this.settled = BigInt(start);
  }

  /** Takes note of the position of an event. */
  see(position: string): void {
    const seen = BigInt(position);
    if (seen > (this.recent.at(-1)?.position ?? this.settled)) {
      this.recent.push({ position: seen, seenAt: this.monotonicMs() });
    }
  }

  current(): string {
    const until = this.monotonicMs() - SETTLE_MS;
    while (this.recent[0] && this.recent[0].seenAt <= until)
      this.settled = this.recent.shift()?.position ?? this.settled;
    return this.settled.toString();
  }
}
