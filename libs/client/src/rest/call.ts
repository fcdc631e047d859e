/** One call of the API. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query?: object | undefined;
  readonly body?: unknown;
  /** Makes a POST safe to repeat. */
  readonly idempotencyKey?: string | undefined;
  /** The version that the caller last saw. */
  readonly ifVersion?: number | undefined;
  /** Ends the call, and what waits to be tried again: it throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

export const headersOf = ({ body, idempotencyKey, ifVersion }: Call): Record<string, string> => ({
  accept: 'application/json',
  ...(body !== undefined && { 'content-type': 'application/json' }),
  ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
  ...(ifVersion !== undefined && { 'if-match': `"${ifVersion}"` }),
});

/** A path with its query: lists repeat their name, what is undefined is left out. */
export function pathWith(path: string, query: object = {}): string {
  const pairs = Object.entries(query).flatMap(([name, value]: [string, unknown]) =>
    [value].flat().flatMap((one) => (isPlain(one) ? [[name, String(one)] as [string, string]] : [])),
  );
  return pairs.length === 0 ? path : `${path}?${new URLSearchParams(pairs).toString()}`;
}

const isPlain = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
