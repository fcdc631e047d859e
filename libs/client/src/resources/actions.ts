import type { Rest } from '../rest/rest.js';

/** How an action on one thing may be qualified. */
export interface ActionOptions {
  /** Makes it safe to repeat; one is made if none is given. */
  readonly idempotencyKey?: string;
  /** Done only if this is still the version: else the problem `version_mismatch`. */
  readonly ifVersion?: number;
}

/** How a read may be qualified. */
export interface ReadOptions {
  /** Ends it: it throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** POSTs an action under a key, so that it may be tried again without being done twice. */
export const act = <Answer>(
  rest: Rest,
  path: string,
  body: unknown,
  { idempotencyKey = crypto.randomUUID(), ifVersion }: ActionOptions = {},
  query?: object,
): Promise<Answer> => rest.call<Answer>({ method: 'POST', path, body, query, idempotencyKey, ifVersion });
