/** One statement for many: gets what waited, answers for each in the same order. */
export type RunBatch<Item, Result> = (items: readonly Item[]) => Promise<readonly Result[]>;

export interface GroupCommitOptions {
  /** Statements under way at once: 1 keeps batches big, 2 hides the wait for the disk. */
  readonly width: number;
  readonly maxBatch: number;
  /**
   * Under load, so long after a statement the next one waits for more, unless half a hundred wait already: planning and
   * committing cost the same for 5 and for 50. A lone item never waits.
   */
  readonly lingerMs?: number;
}

const WORTH_GOING = 50;

/** How big items are, where that differs: a batch ends before its weight exceeds the limit, with one item at least. */
export interface Weighing<Item> {
  readonly weigh: (item: Item) => number;
  readonly maxWeight: number;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit in the application: while a statement runs, what arrives waits; when it returns, everything that waited
 * goes as one. A lone item pays nothing, and batches grow with the load by themselves.
 * If a batch fails, its halves are tried down to single items, so a bad one never fails its neighbours.
 */
export class GroupCommit<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private running = 0;
  private endedAt = -Infinity;
  private lingering: NodeJS.Timeout | undefined;

  constructor(
    private readonly options: GroupCommitOptions & Partial<Weighing<Item>>,
    private readonly run: RunBatch<Item, Result>,
    /** Whether a failed batch may be tried again in halves. Not when nobody knows whether it was committed. */
    private readonly mayRetry: (error: unknown) => boolean = isRefusedByDatabase,
  ) {}

  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      // What else arrives in this turn of the event loop rides along.
      if (this.running < this.options.width) queueMicrotask(() => this.next());
    });
  }

  private next(): void {
    if (this.running >= this.options.width || this.waiting.length === 0 || this.lingers()) return;
    const batch = this.waiting.splice(0, this.batchLength());
    this.running += 1;
    void this.commit(batch).finally(() => {
      this.running -= 1;
      this.endedAt = performance.now();
      this.next();
    });
  }

  /** Whether it pays to wait for more; then the next statement goes by itself. */
  private lingers(): boolean {
    const { lingerMs = 0 } = this.options;
    const leftMs = this.endedAt + lingerMs - performance.now();
    if (leftMs <= 0 || this.waiting.length >= WORTH_GOING) return false;
    this.lingering ??= setTimeout(() => {
      this.lingering = undefined;
      this.next();
    }, Math.ceil(leftMs));
    return true;
  }

  private batchLength(): number {
    const { maxBatch, weigh, maxWeight = Infinity } = this.options;
    if (!weigh) return maxBatch;
    let weight = 0;
    const end = this.waiting.findIndex(({ item }) => (weight += weigh(item)) > maxWeight);
    return Math.min(maxBatch, end === -1 ? maxBatch : Math.max(1, end));
  }

  private async commit(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.run(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, index) => resolve(results[index] as Result));
    } catch (error) {
      if (batch.length === 1 || !this.mayRetry(error)) return batch.forEach(({ reject }) => reject(error));
      const half = Math.ceil(batch.length / 2);
      await this.commit(batch.slice(0, half));
      await this.commit(batch.slice(half));
    }
  }
}

/** A SQLSTATE of class 22 or 23 (bad data, a broken rule): the database certainly did nothing. */
function isRefusedByDatabase(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^2[23]/.test(code);
}
