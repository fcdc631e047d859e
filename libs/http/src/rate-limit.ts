/** What a caller has left, and whether this request may pass. */
export interface Allowance {
  readonly isAllowed: boolean;
  /** Requests of its rate that are left. */
  readonly remaining: number;
  /** Until all of its rate is there again. */
  readonly resetSeconds: number;
  /** The headers of every answer to it (draft-ietf-httpapi-ratelimit-headers). */
  readonly headers: Readonly<Record<'ratelimit-policy' | 'ratelimit', string>>;
}

interface Bucket {
  tokens: number;
  filledAt: number;
}

/** Whoever was forgotten begins with a full bucket: harmless, and rare. */
const MAX_KEYS = 10_000;

/** So many requests a second and key, in this process; short bursts of twice that (interface 2). */
export class RateLimit {
  private readonly buckets = new Map<string, Bucket>();
  private readonly capacity: number;
  private readonly policy: string;

  constructor(
    private readonly perSecond: number,
    private readonly monotonicMs: () => number = () => performance.now(),
  ) {
    this.capacity = 2 * perSecond;
    this.policy = `"key";q=${perSecond};w=1`;
  }

  /** Takes note of one request. A request that is refused costs nothing. */
  take(key: string): Allowance {
    const bucket = this.bucketOf(key);
    const isAllowed = bucket.tokens >= 1;
    if (isAllowed) bucket.tokens -= 1;
    // The second half is for bursts; nobody should count on it.
    const remaining = Math.max(0, Math.floor(bucket.tokens - this.perSecond));
    const resetSeconds = Math.max(1, Math.ceil((this.capacity - bucket.tokens) / this.perSecond));
    const headers = { 'ratelimit-policy': this.policy, ratelimit: `"key";r=${remaining};t=${resetSeconds}` };
    return { isAllowed, remaining, resetSeconds, headers };
  }

  private bucketOf(key: string): Bucket {
    const now = this.monotonicMs();
    const known = this.buckets.get(key);
    if (known) {
      known.tokens = Math.min(this.capacity, known.tokens + ((now - known.filledAt) / 1000) * this.perSecond);
      known.filledAt = now;
      return known;
    }
    if (this.buckets.size >= MAX_KEYS) this.buckets.clear();
    const bucket = { tokens: this.capacity, filledAt: now };
    this.buckets.set(key, bucket);
    return bucket;
  }
}
