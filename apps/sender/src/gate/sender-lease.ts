/** How long the answer of the gate may be used after it was asked for. The database's grant is longer, so a stopped process cannot outlive it. */
export const LEASE_MS = 2_000;

/**
 * The time that a permission to send has left, on two clocks: a process that was stopped shows it on the monotonic one,
 * a suspended machine on the wall clock. Either is enough to forbid.
 */
export class SenderLease {
  private readonly askedAt: number;
  private readonly askedAtWall: number;

  constructor(
    private readonly lengthMs: number = LEASE_MS,
    private readonly monotonicMs: () => number = () => performance.now(),
    private readonly wallMs: () => number = Date.now,
  ) {
    this.askedAt = monotonicMs();
    this.askedAtWall = wallMs();
  }

  isOver(): boolean {
    return (
      this.monotonicMs() - this.askedAt > this.lengthMs || Math.abs(this.wallMs() - this.askedAtWall) > this.lengthMs
    );
  }
}
