import type { EmailId, JobId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';
import { findAnswers, identity, type IdempotencyKey, type StoredAnswer } from './idempotency.js';

/** What a transaction did under its key, and whose end decides how long the answer is kept. */
export interface DoneOnce<Result> {
  readonly result: Result;
  readonly answer: StoredAnswer;
  readonly emailId?: EmailId | null;
  readonly jobId?: JobId | null;
}

export type Once<Result, Refusal = never> =
  | { readonly kind: 'done'; readonly result: Result; readonly answer: StoredAnswer }
  | { readonly kind: 'repeated'; readonly answer: StoredAnswer }
  /** Nothing is kept for the key: the next request with it is tried anew. */
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** The key belongs to a request that said something else. */
  | { readonly kind: 'reused' }
  /** The first request with this key is still running. */
  | { readonly kind: 'in_progress' };

const statements = {
  lock: sqlFile('./lock-key.sql', import.meta.url),
  store: sqlFile('./store-answer.sql', import.meta.url),
};

/**
 * Does something at most once for a key, inside the caller's transaction: its answer is stored with what it did, or
 * neither is (interface 2, Idempotency-Key). What `work` throws rolls both back, so a refusal is not stored. A refusal that it
 * returns is not stored either, but what was done stays done.
 */
export async function doOnce<Result, Refusal = never>(
  tx: Queryable,
  key: IdempotencyKey,
  work: () => Promise<DoneOnce<Result> | { readonly refusal: Refusal }>,
): Promise<Once<Result, Refusal>> {
  const { rows } = await tx.query<{ taken: boolean }>({ ...statements.lock, values: [identity(key)] });
  if (!rows[0]?.taken) return { kind: 'in_progress' };
  const [stored] = await findAnswers(tx, [key]);
  if (stored)
    return stored.fingerprint.equals(key.fingerprint) ? { kind: 'repeated', answer: stored } : { kind: 'reused' };
  const done = await work();
  if ('refusal' in done) return { kind: 'refused', refusal: done.refusal };
  const { result, answer, emailId = null, jobId = null } = done;
  const { tenantId, mode, route, fingerprint } = key;
  const { status, headers, body } = answer;
  const values = [tenantId, mode, route, key.key, fingerprint, emailId, jobId, status, JSON.stringify(headers), body];
  await tx.query({ ...statements.store, values });
  return { kind: 'done', result, answer };
}
