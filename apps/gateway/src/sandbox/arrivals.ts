import type { TenantId } from '#domain';

/** Wakes who waits for mail. Only a hint: mail that came to another replica is found by looking again. */
export class Arrivals {
  private readonly waiting = new Map<TenantId, Set<() => void>>();
  private stopped = false;

  /** Something of this tenant has arrived. */
  tell(tenantId: TenantId): void {
    for (const wake of this.waiting.get(tenantId) ?? []) wake();
  }

  get isStopped(): boolean {
    return this.stopped;
  }

  /** Resolves at the next arrival, after `ms`, or when nobody wants to know any more. */
  next(tenantId: TenantId, ms: number, gone: AbortSignal): Promise<void> {
    if (this.stopped || gone.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const waiting = this.waiting.get(tenantId) ?? new Set();
      this.waiting.set(tenantId, waiting);
      const wake = () => {
        clearTimeout(timer);
        gone.removeEventListener('abort', wake);
        waiting.delete(wake);
        if (waiting.size === 0) this.waiting.delete(tenantId);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      gone.addEventListener('abort', wake);
      waiting.add(wake);
    });
  }

  /** Everybody who waits is woken, and nobody waits again. */
  stop(): void {
    this.stopped = true;
    for (const waiting of this.waiting.values()) for (const wake of waiting) wake();
  }
}
