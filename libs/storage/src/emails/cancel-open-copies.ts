import { cancellation, type Cancellation, isOpen } from '#domain';
import type { Queryable } from '../database.js';
import { appendOutbox } from '../outbox/append-outbox.js';
import { cancelCopies } from './change-copies.js';
import { markCancelled } from './change-email.js';
import { copiesCancelled, type CopiesOf, emailCancelled, pairs } from './copy-events.js';

/**
 * Cancels what is still open of emails whose copies the caller holds locked, notes it on the emails and tells it:
 * rows and events in one transaction. The emails are of one tenant. Answers what the cancel caught of each, in the order given.
 */
export async function cancelOpenCopies(
  tx: Queryable,
  emails: readonly CopiesOf[],
  reason: 'cancelled_by_user' | 'email_cancelled',
): Promise<readonly Cancellation[]> {
  const [first] = emails;
  if (!first) return [];
  const { tenantId } = first.of;
  const open = emails.flatMap(({ copies }) => copies.filter(isOpen)).map(({ id }) => id);
  const cancelled = await cancelCopies(tx, tenantId, open, reason);
  const caught = emails.map(({ copies }) =>
    cancellation(copies.map((copy) => (isOpen(copy) ? 'cancelled' : copy.status))),
  );
  const marks = emails.map(({ of }, i) => ({ id: of.emailId, hasCopiesInFlight: caught[i]?.final === false }));
  const versions = await markCancelled(tx, tenantId, marks);
  const events = emails.flatMap(({ of, copies }, i) => {
    const told = caught[i];
    const version = versions.get(of.emailId);
    return told === undefined || version === undefined
      ? []
      : [...copiesCancelled(of, pairs(copies, cancelled), reason), emailCancelled(of, told, version)];
  });
  await appendOutbox(tx, events);
  return caught;
}
