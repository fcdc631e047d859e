import { type DeliveryId, type DeliveryStatus, type EmailId, reopenRefusal, type ReopenRefusal } from '#domain';
import type { Caller } from '#http';
import {
  appendOutbox,
  closeRedriven,
  deliveriesReopened,
  findEnded,
  lockReopenable,
  type Queryable,
  type ReopenableDelivery,
  reopenDeliveries,
} from '#storage';
import { actorOf } from '../emails/change-of.js';
import { openingsFor } from '../emails/opening-of.js';

export interface RetryOptions {
  /** A second copy is accepted where the first may have arrived. */
  readonly confirmUnknown: boolean;
}

/** What became of one delivery, `null`: it is sent again. */
export type Retried = ReopenRefusal | 'not_found' | null;

/**
 * Sends ended deliveries again on a person's word, in the open transaction: locks them, judges each by its row, opens all with a few
 * statements, closes their dead letters, and tells. Answers what became of each, in the order of `ids`.
 */
export async function retryDeliveries(
  tx: Queryable,
  caller: Caller,
  ids: readonly DeliveryId[],
  { confirmUnknown }: RetryOptions,
): Promise<readonly Retried[]> {
  const found = await lockReopenable(tx, caller, ids);
  const verdicts = verdictsOn(found, confirmUnknown);
  const actor = actorOf(caller);
  const openingOf = await openingsFor(tx, caller.tenantId);
  const opened = await reopenDeliveries(
    tx,
    caller.tenantId,
    found.filter(({ id }) => verdicts.get(id) === null),
    ({ email }) => (email.kind === 'single' ? openingOf(email) : null), // the lines of campaigns keep their windows
  );
  const openedIds = opened.map(({ before }) => before.id);
  await closeRedriven(tx, caller.tenantId, openedIds, actor);
  await appendOutbox(tx, deliveriesReopened({ ...caller, actor }, opened));
  return ids.map((id) => verdicts.get(id) ?? (verdicts.has(id) ? null : 'not_found'));
}

/** Sends the copies of emails again that ended so; how many. Naming `unknown` among them is the word that a second copy is no harm. */
export async function retryCopies(
  tx: Queryable,
  caller: Caller,
  emailIds: readonly EmailId[],
  ended: readonly DeliveryStatus[],
): Promise<number> {
  const ids = await findEnded(tx, caller, emailIds, ended);
  const retried = await retryDeliveries(tx, caller, ids, { confirmUnknown: ended.includes('unknown') });
  return retried.filter((refusal) => refusal === null).length;
}

/** Whether each would be sent again; those that do not exist are left out. */
export const verdictsOn = (
  deliveries: readonly ReopenableDelivery[],
  confirmUnknown: boolean,
): ReadonlyMap<DeliveryId, ReopenRefusal | null> =>
  new Map(deliveries.map((delivery) => [delivery.id, reopenRefusal(delivery, confirmUnknown)]));
