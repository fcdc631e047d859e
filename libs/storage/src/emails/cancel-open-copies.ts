import { cancellation, type Cancellation, isOpen } from '#domain';
import type { Queryable } from '../database.js';
import { appendOutbox } from '../outbox/append-outbox.js';
import { cancelCopies, type LockedCopy, markCancelled } from './change-email.js';
import { type ChangeOf, copiesCancelled, emailCancelled, pairs } from './copy-events.js';

/**
 * Cancels what is still open of an email whose copies the caller holds locked, notes it on the email and tells it:
 * rows and events in one transaction. Answers what the cancel caught.
 */
export async function cancelOpenCopies(
  tx: Queryable,
  of: ChangeOf,
  copies: readonly LockedCopy[],
  reason: 'cancelled_by_user' | 'email_cancelled',
): Promise<Cancellation> {
  const open = copies.filter(isOpen);
  const cancelled = await cancelCopies(
    tx,
    of.tenantId,
    open.map(({ id }) => id),
    reason,
  );
  const caught = cancellation(copies.map((copy) => (open.includes(copy) ? 'cancelled' : copy.status)));
  const version = await markCancelled(tx, of.tenantId, of.emailId, !caught.final);
  await appendOutbox(tx, [
    ...copiesCancelled(of, pairs(copies, cancelled), reason),
    emailCancelled(of, caught, version),
  ]);
  return caught;
}
