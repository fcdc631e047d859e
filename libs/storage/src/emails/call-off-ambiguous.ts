import { mayHaveArrived } from '#domain';
import type { Queryable } from '../database.js';
import { appendOutbox } from '../outbox/append-outbox.js';
import { callOff, type LockedCopy } from './change-email.js';
import { type ChangeOf, copiesCalledOff, pairs } from './copy-events.js';

/**
 * Calls the second sending of ambiguous copies off, of an email whose copies the caller holds locked. A cancel cannot
 * undo their first sending, so they end as `unknown`. Answers the copies as they are now.
 */
export async function callOffAmbiguous(
  tx: Queryable,
  of: ChangeOf,
  copies: readonly LockedCopy[],
): Promise<LockedCopy[]> {
  const ambiguous = copies.filter(mayHaveArrived);
  const ended = await callOff(
    tx,
    of.tenantId,
    ambiguous.map(({ id }) => id),
  );
  await appendOutbox(tx, copiesCalledOff(of, pairs(copies, ended)));
  return copies.map((copy) => (ambiguous.includes(copy) ? { ...copy, status: 'unknown', held: false } : copy));
}
