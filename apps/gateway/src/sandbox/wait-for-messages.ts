import type { TenantId } from '#domain';
import { type Database, listMessages, type PageOf, type SandboxFilter, type SandboxMessageRow } from '#storage';
import type { Arrivals } from './arrivals.js';

export interface Wait {
  readonly count: number;
  readonly timeoutSeconds: number;
  /** Aborted when the client went away. */
  readonly gone: AbortSignal;
}

/** Mail that came to another replica is found by looking again this often. */
const LOOK_AGAIN_MS = 250;
const LIST_LIMIT = 25;

/** Waits until the inbox has so many messages that pass the filter. Between two looks it holds nothing but a timer. */
export class WaitForMessages {
  constructor(
    private readonly db: Database,
    private readonly arrivals: Arrivals,
  ) {}

  /** The newest of them, as soon as there are enough; else what there is when the time is over. */
  async run(
    tenantId: TenantId,
    filter: SandboxFilter,
    { count, timeoutSeconds, gone }: Wait,
  ): Promise<PageOf<SandboxMessageRow>> {
    const until = performance.now() + timeoutSeconds * 1_000;
    for (;;) {
      // Begun before the look: what arrives while we look wakes us all the same.
      const leftMs = Math.max(0, until - performance.now());
      const next = this.arrivals.next(tenantId, Math.min(LOOK_AGAIN_MS, leftMs), gone);
      const page = await listMessages(this.db.of(tenantId), tenantId, filter, { limit: Math.max(count, LIST_LIMIT) });
      if (page.rows.length >= count || leftMs === 0 || gone.aborted || this.arrivals.isStopped) return page;
      await next;
    }
  }
}
