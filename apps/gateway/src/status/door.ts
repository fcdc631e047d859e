import type { IncomingHttpHeaders } from 'node:http';
import { checkOrigin, Problem } from '#http';

/** Where sockets and streams come in: who may not is told before there is one. */
export class Door {
  private state: 'starting' | 'open' | 'closed' = 'starting';

  constructor(
    private readonly origins: readonly string[],
    private readonly authMode: 'dev' | 'keys',
  ) {}

  /** Events are listened to: a client that came earlier would miss those in between, and never know. */
  open(): void {
    this.state = 'open';
  }

  close(): void {
    this.state = 'closed';
  }

  /** Throws the problems `unavailable`, `draining` and `origin_not_allowed`. */
  check(headers: IncomingHttpHeaders): void {
    const later = { headers: { 'retry-after': '2' } };
    if (this.state === 'starting')
      throw new Problem('unavailable', 'Events are not listened to yet. Try again.', later);
    if (this.state === 'closed') throw new Problem('draining', 'This process is stopping. Try again.', later);
    if (this.authMode === 'dev') checkOrigin(headers, this.origins);
    const { origin } = headers;
    if (origin !== undefined && !this.origins.includes(origin))
      throw new Problem('origin_not_allowed', `The origin "${origin}" is not in CORS_ORIGINS.`);
  }
}
