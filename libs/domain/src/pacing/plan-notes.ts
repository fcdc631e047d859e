import type { LineWait } from './line-turn.js';

export interface PlanBucket {
  readonly fromMs: number;
  readonly toMs: number;
  readonly count: number;
}

export interface PlanItem {
  readonly atMs: number;
  /** What it waits for until then. */
  readonly waits: readonly LineWait[];
}

export interface Plan {
  readonly total: number;
  /** null: nobody is sent to. */
  readonly firstAtMs: number | null;
  /** null: nobody is sent to, or not all of them before the year 2100. */
  readonly lastAtMs: number | null;
  /** Stretches of the clock of UTC in which something is sent, an hour each; longer ones where those would be too many. */
  readonly buckets: readonly PlanBucket[];
  readonly bucketMs: number;
  /** The first ones. */
  readonly items: readonly PlanItem[];
}

const HOUR_MS = 3_600_000;
/** Some twelve weeks of hours: what is longer is read in longer stretches. */
const MOST_BUCKETS = 2_000;

/** Keeps of a plan what is shown: it costs the same for ten recipients and for a million, in a day and in twenty years. */
export class PlanNotes {
  private buckets = new Map<number, number>();
  private bucketMs = HOUR_MS;
  private readonly items: PlanItem[] = [];
  private firstMs: number | null = null;
  private lastMs: number | null = null;

  constructor(private readonly most: number) {}

  sent(ms: number, count: number, waits: readonly LineWait[]): void {
    const atMs = Math.ceil(ms);
    this.firstMs ??= atMs;
    this.lastMs = atMs;
    this.count(atMs, count);
    while (this.buckets.size > MOST_BUCKETS) this.coarsen();
    for (let left = Math.min(count, this.most - this.items.length); left > 0; left -= 1)
      this.items.push({ atMs, waits });
  }

  plan(total: number, isWhole: boolean): Plan {
    const { bucketMs, items } = this;
    const buckets = [...this.buckets].map(([fromMs, count]) => ({ fromMs, toMs: fromMs + bucketMs, count }));
    return { total, firstAtMs: this.firstMs, lastAtMs: isWhole ? this.lastMs : null, buckets, bucketMs, items };
  }

  private count(atMs: number, count: number): void {
    const fromMs = Math.floor(atMs / this.bucketMs) * this.bucketMs;
    this.buckets.set(fromMs, (this.buckets.get(fromMs) ?? 0) + count);
  }

  private coarsen(): void {
    const finer = this.buckets;
    this.buckets = new Map();
    this.bucketMs *= 2;
    for (const [fromMs, count] of finer) this.count(fromMs, count);
  }
}
