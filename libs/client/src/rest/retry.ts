import type { Call } from './call.js';
import { MailtideError } from './mailtide-error.js';

const FIRST_WAIT_MS = 250;
/** Who is asked to wait longer is told so instead. */
const LONGEST_WAIT_MS = 30_000;
/** Nobody answered, or somebody who cannot just now: 0 stands for no answer. */
const PASSING = new Set([0, 408, 429, 502, 503, 504]);

/** How long to wait before a call that failed is made again, in ms; undefined: it is not. */
export function waitBeforeRetry(call: Call, error: unknown, tried: number): number | undefined {
  if (!isRepeatable(call) || !(error instanceof MailtideError)) return undefined;
  if (!PASSING.has(error.status) && error.code !== 'idempotency_in_progress') return undefined;
  if (error.retryAfterSeconds === null) return FIRST_WAIT_MS * 2 ** (tried - 1) * (0.5 + Math.random());
  const waitMs = error.retryAfterSeconds * 1_000;
  return waitMs <= LONGEST_WAIT_MS ? waitMs : undefined;
}

/** The answer may be what was lost: calls that would then be done twice are not made again. */
const isRepeatable = ({ method, idempotencyKey }: Call): boolean =>
  method === 'GET' || method === 'PUT' || method === 'DELETE' || idempotencyKey !== undefined;

/** A DELETE whose answer was lost finds nothing the second time: that is what it was made for. */
export const isAlreadyDone = ({ method }: Call, error: unknown, tried: number): boolean =>
  method === 'DELETE' && tried > 1 && error instanceof MailtideError && error.status === 404;
