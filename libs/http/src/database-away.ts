/**
 * Classes of SQLSTATE that say nothing about the request: connections (08), resources (53), operator (57, a statement that
 * took too long among them), conflicts that a repeat solves (40, 55P03), a standby that was promoted just now (25006).
 */
const STATES = /^(08|40|53|57|55P03|25006|25P03)/;
const SOCKETS = /^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|ENOTFOUND|EAI_AGAIN)/;
/** What the driver says without a code. */
const WORDS =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client (has encountered a connection error|was closed)|Cannot use a pool)/;

/** Whether an error means that the database cannot answer now: nothing is wrong with the request, it may come again. */
export function isDatabaseAway(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { readonly code?: unknown; readonly message?: unknown };
  if (typeof code === 'string') return STATES.test(code) || SOCKETS.test(code);
  return typeof message === 'string' && WORDS.test(message);
}
