/** The share of the workers that bulk may hold: the rest is always free for transactional mail. */
const MOST = 0.8;
/** Transactional mail that is begun later than this is kept waiting by something. */
const LATE_MS = 30;
/** So long after the last transactional mail nobody is kept waiting. */
const QUIET_MS = 5_000;
/** It takes a moment until fewer workers make a difference; until then the limit is not halved again. */
const SETTLE_MS = 150;
/** Without late mail for so long, bulk gets a tenth more, and so on. */
const GROW_MS = 1_000;
/** Of so many mails it is learnt what is usual. */
const USUAL = 20;
/** What is later was kept waiting by an outage: that is not what is usual. */
const BACKLOG_MS = 1_000;

/**
 * How many workers bulk may hold. On a busy machine everything waits for a processor, for Postgres, for its turn: what bulk leaves
 * free of the workers is no help then. So bulk goes down to an eighth when transactional mail is begun late, to half of that when
 * the next one is, and comes back slowly; while there is no transactional mail it has all that it may.
 */
export class BulkShare {
  private limit: number;
  private changedAtMs = -Infinity;
  private urgentAtMs = -Infinity;
  /** What is late even where bulk gives way to the last: then it is not bulk that keeps it waiting. */
  private usualMs = 0;
  /** Of the last mails. */
  private meanMs = 0;

  constructor(
    private readonly workers: number,
    private readonly monotonicMs: () => number = () => performance.now(),
  ) {
    this.limit = this.most;
  }

  /** Whether one more may be begun beside so many. */
  mayBegin(atWork: number): boolean {
    return atWork < this.now();
  }

  /** Transactional mail is begun, so long after it could have been. */
  urgentBegan(lateMs: number): void {
    const nowMs = this.monotonicMs();
    this.urgentAtMs = nowMs;
    const isLate = lateMs > Math.max(LATE_MS, this.usualMs * 2);
    this.learn(Math.min(Math.max(0, lateMs), BACKLOG_MS));
    if (!isLate || nowMs - this.changedAtMs < SETTLE_MS) return;
    const limit = this.now();
    this.limit = Math.max(1, Math.floor(limit / (limit === this.most ? 8 : 2)));
    this.changedAtMs = nowMs;
  }

  /** Where bulk has more than one worker, lateness may be its doing: then what is usual can only become less. */
  private learn(lateMs: number): void {
    this.meanMs += (lateMs - this.meanMs) / USUAL;
    this.usualMs =
      this.limit === 1 ? this.usualMs + (lateMs - this.usualMs) / USUAL : Math.min(this.usualMs, this.meanMs);
    if (this.limit === 1) this.meanMs = this.usualMs;
  }

  private get most(): number {
    return Math.max(1, Math.floor(this.workers * MOST));
  }

  private now(): number {
    const nowMs = this.monotonicMs();
    if (nowMs - this.urgentAtMs > QUIET_MS) {
      this.limit = this.most;
      this.usualMs = this.meanMs = 0;
    } else if (this.limit < this.most && nowMs - this.changedAtMs >= GROW_MS) {
      this.limit = Math.min(this.most, Math.ceil(this.limit * 1.1));
      this.changedAtMs = nowMs;
    }
    return this.limit;
  }
}
