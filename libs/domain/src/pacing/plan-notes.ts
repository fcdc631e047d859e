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
  /** Hours of the clock of UTC in which something is sent. */
  readonly buckets: readonly PlanBucket[];
  /** The first ones. */
  readonly items: readonly PlanItem[];
}

const HOUR_MS = 3_600_000;

/** Keeps of a plan what is shown: it costs the same for ten recipients and for a million. */
export class PlanNotes {
  private readonly hours = new Map<number, number>();
  private readonly items: PlanItem[] = [];
  private firstMs: number | null = null;
  private lastMs: number | null = null;

  constructor(private readonly most: number) {}

  sent(ms: number, count: number, waits: readonly LineWait[]): void {
    const atMs = Math.ceil(ms);
    this.firstMs ??= atMs;
    this.lastMs = atMs;
    const hour = Math.floor(atMs / HOUR_MS) * HOUR_MS;
    this.hours.set(hour, (this.hours.get(hour) ?? 0) + count);
    for (let left = Math.min(count, this.most - this.items.length); left > 0; left -= 1)
      this.items.push({ atMs, waits });
  }

  plan(total: number, isWhole: boolean): Plan {
    const buckets = [...this.hours].map(([fromMs, count]) => ({ fromMs, toMs: fromMs + HOUR_MS, count }));
    return { total, firstAtMs: this.firstMs, lastAtMs: isWhole ? this.lastMs : null, buckets, items: this.items };
  }
}
