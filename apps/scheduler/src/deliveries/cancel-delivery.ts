import { decideCancel, type DeliveryId, type TooLate } from '#domain';
import type { Caller } from '#http';
import {
  appendOutbox,
  callOffAmbiguous,
  cancelCopies,
  copiesCancelled,
  lockCopy,
  pairs,
  type Queryable,
} from '#storage';
import { changeOf } from '../emails/change-of.js';

export type DeliveryCancelled =
  | { readonly kind: 'cancelled' }
  /** `at`: since when it has been so, RFC 3339. */
  | { readonly kind: 'too_late'; readonly code: TooLate; readonly at: string }
  | { readonly kind: 'stale' }
  | { readonly kind: 'not_found' };

/** Cancels one copy in an open transaction; the others of its email go on. Commit also what it refuses: see `ChangeEmails`. */
export async function cancelDelivery(
  tx: Queryable,
  caller: Caller,
  id: DeliveryId,
  ifVersion: number | undefined,
): Promise<DeliveryCancelled> {
  const { tenantId, mode } = caller;
  const locked = await lockCopy(tx, tenantId, mode, id); // the row decides the race with the gate
  if (!locked) return { kind: 'not_found' };
  if (ifVersion !== undefined && ifVersion !== locked.version) return { kind: 'stale' };
  const of = changeOf(caller, { ...locked, id: locked.email_id });
  const [now] = await callOffAmbiguous(tx, [{ of, copies: [locked] }]);
  const copies = now?.copies ?? [];
  if (copies.every(({ status }) => status === 'cancelled')) return { kind: 'cancelled' }; // again: no second event
  const decision = decideCancel(copies, false);
  if (decision.kind === 'too_late') return { ...decision, at: locked.at };
  const cancelled = await cancelCopies(tx, tenantId, [id], 'cancelled_by_user');
  await appendOutbox(tx, copiesCancelled(of, pairs(copies, cancelled), 'cancelled_by_user'));
  return { kind: 'cancelled' };
}
