import type { IncomingHttpHeaders } from 'node:http';
import { Problem } from './problem.js';

const LOCAL_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Without keys, any web page could reach this machine's API through its visitor's browser: by a foreign Origin, or by a
 * name of its own that resolves to the loopback address. Both are refused.
 */
export function checkOrigin(headers: IncomingHttpHeaders, origins: readonly string[]): void {
  const host = (headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
  if (!LOCAL_HOSTS.has(host)) {
    throw new Problem(
      'origin_not_allowed',
      `In dev mode the Host must be localhost, 127.0.0.1 or [::1], not "${host}".`,
    );
  }
  const { origin } = headers;
  if (origin !== undefined && !origins.includes(origin)) {
    throw new Problem('origin_not_allowed', `The origin "${origin}" is not in CORS_ORIGINS.`);
  }
}
