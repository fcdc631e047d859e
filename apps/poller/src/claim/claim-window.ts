import type { Lane } from '#domain';

/** At most so many deliveries of a lane are queued, however fast its senders are. */
const MAX_QUEUED = 20_000;
/** And at least so many may be, however slow they look: they must never be idle while work waits. */
const MIN_QUEUED = 2_000;
/** So many while nobody knows how fast the senders are, and seconds of work that lie ready for them: urgent mail is handed over at its time. */
const SIZES = {
  transactional: { first: MAX_QUEUED, aheadSeconds: 10 },
  bulk: { first: 4_000, aheadSeconds: 3 },
} as const satisfies Record<Lane, unknown>;

/**
 * How many deliveries may be queued in a lane: what its senders finish within seconds. More would only wait under grants that
 * have to be renewed, be looked at by every duty that looks at claims, and could not go to a sender that is free.
 */
export class ClaimWindow {
  private size: number;
  private queued = 0;
  private claimedSince = 0;
  private countedAt: number | undefined;

  constructor(
    private readonly lane: Lane,
    private readonly monotonicMs: () => number = () => performance.now(),
  ) {
    this.size = SIZES[lane].first;
  }

  /** Whether a batch fits, as far as is known without counting. */
  fits(batch: number): boolean {
    return this.queued + this.claimedSince + batch <= this.size;
  }

  claimed(count: number): void {
    this.claimedSince += count;
  }

  /** Takes a fresh count of what is queued: what is gone since the last one shows how fast the senders are. */
  counted(queued: number): void {
    const now = this.monotonicMs();
    const seconds = this.countedAt === undefined ? Infinity : (now - this.countedAt) / 1000;
    const finished = this.queued + this.claimedSince - queued;
    // With nothing left they keep up: they are faster than is known.
    const isKeepingUp = queued < MIN_QUEUED / 2;
    const wanted = isKeepingUp ? this.size * 2 : (finished / seconds) * SIZES[this.lane].aheadSeconds;
    this.size = Math.round(Math.min(MAX_QUEUED, Math.max(MIN_QUEUED, wanted)));
    this.queued = queued;
    this.claimedSince = 0;
    this.countedAt = now;
  }
}
