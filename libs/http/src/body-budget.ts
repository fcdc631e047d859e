/** How many bytes of bodies (of requests, of messages) may be on their way at once: memory that anybody can claim has to have an end. */
export class BodyBudget {
  private taken = 0;

  constructor(private readonly bytes: number) {}

  /** Takes a part; answers what gives it back (once, however often it is called), or undefined: there is not enough left. */
  take(bytes: number): (() => void) | undefined {
    if (this.taken + bytes > this.bytes) return undefined;
    this.taken += bytes;
    let isHeld = true;
    return () => {
      if (isHeld) this.taken -= bytes;
      isHeld = false;
    };
  }
}

/**
 * Bytes that a request's body may take, by its headers: what it announces, or all that its path takes if it announces
 * nothing (chunked). More than `limit` is never read.
 */
export function bodyBytes(
  headers: { readonly 'content-length'?: string | undefined; readonly 'transfer-encoding'?: string | undefined },
  limit: number,
): number {
  if (headers['transfer-encoding'] !== undefined) return limit;
  const announced = Number(headers['content-length'] ?? 0);
  return Number.isFinite(announced) ? Math.min(announced, limit) : limit;
}
