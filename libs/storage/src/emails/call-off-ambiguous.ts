import { mayHaveArrived } from '#domain';
import type { Queryable } from '../database.js';
import { appendOutbox } from '../outbox/append-outbox.js';
import { callOff } from './change-copies.js';
import { copiesCalledOff, type CopiesOf, pairs } from './copy-events.js';

/**
 * Calls the second sending of ambiguous copies off, of emails of one tenant whose copies the caller holds locked. A cancel
 * cannot undo their first sending, so they end as `unknown`. Answers the copies as they are now.
 */
export async function callOffAmbiguous(tx: Queryable, emails: readonly CopiesOf[]): Promise<readonly CopiesOf[]> {
  const ambiguous = new Set(emails.flatMap(({ copies }) => copies.filter(mayHaveArrived)).map(({ id }) => id));
  const [first] = emails;
  if (!first || ambiguous.size === 0) return emails;
  const ended = await callOff(tx, first.of.tenantId, [...ambiguous]);
  await appendOutbox(
    tx,
    emails.flatMap(({ of, copies }) => copiesCalledOff(of, pairs(copies, ended))),
  );
  return emails.map(({ of, copies }) => ({
    of,
    copies: copies.map((copy) => (ambiguous.has(copy.id) ? { ...copy, status: 'unknown', held: false } : copy)),
  }));
}
