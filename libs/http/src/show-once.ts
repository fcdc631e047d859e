import { type Database, doOnce, type Queryable } from '#storage';
import type { ActionRequest } from './answer-once.js';
import type { Caller } from './caller.js';
import { fingerprint, idempotencyKey, keyInProgress, keyReused } from './idempotency.js';
import { Problem } from './problem.js';

/** Nothing that could be shown again. */
const NO_ANSWER = { status: 201, headers: {}, body: '' };

/**
 * `answerOnce` for an answer that shows a secret: it is never stored, so a repeat under its Idempotency-Key does nothing
 * and is told so. Throws the problems `bad_idempotency_key`, `already_exists`, `idempotency_key_reused` and
 * `idempotency_in_progress`.
 * @param lost what to do when the secret did not arrive
 */
export async function showOnce<Result>(
  db: Pick<Database, 'of'>,
  { tenantId, mode }: Caller,
  { route, header, says }: ActionRequest,
  lost: string,
  work: (tx: Queryable) => Promise<Result>,
): Promise<Result> {
  const text = idempotencyKey(header);
  const scoped = db.of(tenantId);
  if (text === undefined) return scoped.transaction(work);
  const key = { tenantId, mode, route, key: text, fingerprint: fingerprint(says) };
  const once = await scoped.transaction((tx) =>
    doOnce(tx, key, async () => ({ result: await work(tx), answer: NO_ANSWER })),
  );
  switch (once.kind) {
    case 'done':
      return once.result;
    case 'repeated':
      throw new Problem(
        'already_exists',
        `The first request with this Idempotency-Key was done, and its secret is shown only once. ${lost}`,
      );
    case 'refused':
      throw once.refusal;
    case 'reused':
      throw keyReused();
    case 'in_progress':
      throw keyInProgress();
  }
}
