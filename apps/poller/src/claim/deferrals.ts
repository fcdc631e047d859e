import { DEFERRAL_SPREAD_MS, type LimitId } from '#domain';

/**
 * Until when copies wait whose own limit is empty. They come back one after another, about as their limit gives: else
 * all of them would come at once, and all but a few in vain.
 */
export class Deferrals {
  private readonly given = new Map<LimitId, number>();

  /** @param frees when the limit gives next, and how far apart it gives */
  next(id: LimitId, { nextMs, everyMs }: { readonly nextMs: number; readonly everyMs: number }): number {
    const last = this.given.get(id) ?? -Infinity;
    const next = last + everyMs;
    const untilMs = next < nextMs || next > nextMs + DEFERRAL_SPREAD_MS ? nextMs : next;
    this.given.set(id, untilMs);
    return untilMs;
  }
}
