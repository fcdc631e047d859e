import type { TenantId } from '#domain';
import { countQueue, type Database, type QueueCounts, tookTooLong } from '#storage';
import type { Caller } from '../caller.js';
import { Problem } from '../problem.js';

/** So far each number of what is in line is counted: counting a million would take seconds. */
const MAX_COUNTED = 10_000;
const TIMEOUT_MS = 2_000;
const KNOWN_MS = 1_000;
/** An answer is kept this many times as long as it took: counting a long queue takes a tenth of the time at most. */
const KEEP_TIMES = 10;
const MAX_KNOWN = 1_000;

interface Known {
  readonly view: Promise<QueueView>;
  /** On the clock of this process; while it is being counted: for ever. */
  readonly until: number;
}

/** How a tenant's queue stands (interface 3.16). Whoever asks within a second gets the same answer, so asking often costs nothing. */
export class QueueStats {
  private readonly known = new Map<string, Known>();

  constructor(private readonly db: Database) {}

  of({ tenantId, mode }: Caller): Promise<QueueView> {
    const name = `${tenantId} ${mode}`;
    const known = this.known.get(name);
    if (known && performance.now() < known.until) return known.view;
    if (this.known.size >= MAX_KNOWN) this.known.clear();
    const view = this.counted(name, tenantId, mode);
    this.known.set(name, { view, until: Infinity });
    return view;
  }

  private async counted(name: string, tenantId: TenantId, mode: Caller['mode']): Promise<QueueView> {
    const start = performance.now();
    try {
      const view = await this.count(tenantId, mode);
      const took = performance.now() - start;
      const until = performance.now() + Math.max(KNOWN_MS, KEEP_TIMES * took);
      this.known.set(name, { view: Promise.resolve(view), until });
      return view;
    } catch (error) {
      this.known.delete(name); // the next one asks again
      throw error;
    }
  }

  private async count(tenantId: TenantId, mode: Caller['mode']): Promise<QueueView> {
    const limits = { atMost: MAX_COUNTED, timeoutMs: TIMEOUT_MS };
    try {
      return queueView(await this.db.of(tenantId).transaction((tx) => countQueue(tx, { tenantId, mode }, limits)));
    } catch (error) {
      if (!tookTooLong(error)) throw error;
      throw new Problem('unavailable', 'The queue is too long to be counted now. Ask again later.', {
        headers: { 'retry-after': '5' },
      });
    }
  }
}

/** The queue as the API shows it. */
export function queueView(counts: QueueCounts) {
  const { scheduled, due, queued, sending, retrying, oldest_due_age_seconds: age, next_due_at: next } = counts;
  return {
    object: 'queue' as const,
    scheduled,
    due,
    oldestDueAgeSeconds: age === null ? null : Math.floor(age),
    queued,
    sending,
    retrying,
    nextDueAt: next?.toISOString() ?? null,
    perHour: counts.per_hour,
  };
}

export type QueueView = ReturnType<typeof queueView>;
