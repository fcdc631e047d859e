import type { TenantId } from '#domain';
import { countQueue, type Database, type LineCounts, type QueueCounts, tookTooLong } from '#storage';
import type { Caller } from '../caller.js';
import { Problem } from '../problem.js';

/** Deliveries counted in each lane: beyond them numbers are lower bounds, and the answer says from when on. */
export const MAX_COUNTED = 50_000;
const TIMEOUT_MS = 2_000;
const KNOWN_MS = 1_000;
const MAX_KNOWN = 1_000;
const HOURS = 24;

/** How a tenant's queue stands (interface 3.16). Whoever asks within a second gets the same answer, so asking often costs nothing. */
export class QueueStats {
  private readonly known = new Map<string, { readonly view: Promise<QueueView>; readonly askedAt: number }>();

  constructor(private readonly db: Database) {}

  of({ tenantId, mode }: Caller): Promise<QueueView> {
    const name = `${tenantId} ${mode}`;
    const known = this.known.get(name);
    if (known && performance.now() - known.askedAt < KNOWN_MS) return known.view;
    const view = this.count(tenantId, mode);
    if (this.known.size >= MAX_KNOWN) this.known.clear();
    this.known.set(name, { view, askedAt: performance.now() });
    view.catch(() => this.known.delete(name)); // the next one asks again
    return view;
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
export function queueView({ lines, queued, sending }: QueueCounts) {
  const sum = (of: (line: LineCounts) => number) => lines.reduce((all, line) => all + of(line), 0);
  const cut = lines.filter(({ scheduled }) => scheduled >= MAX_COUNTED).map(({ last_due_at: at }) => at);
  const ages = lines.flatMap(({ oldest_due_age_seconds: age }) => age ?? []);
  return {
    object: 'queue' as const,
    scheduled: sum((line) => line.scheduled),
    due: sum((line) => line.due),
    oldestDueAgeSeconds: ages.length > 0 ? Math.floor(Math.max(...ages)) : null,
    queued,
    sending,
    retrying: sum((line) => line.retrying),
    nextDueAt: earliest(lines.map(({ next_due_at: at }) => at)),
    perHour: Array.from({ length: HOURS }, (_, hour) => sum((line) => line.per_hour[hour] ?? 0)),
    countedUntil: earliest(cut),
  };
}

export type QueueView = ReturnType<typeof queueView>;

function earliest(instants: readonly (Date | null)[]): string | null {
  const times = instants.flatMap((at) => at?.getTime() ?? []);
  return times.length > 0 ? new Date(Math.min(...times)).toISOString() : null;
}
