import { type DeliveryId, publicId, type ReopenRefusal } from '#domain';
import { type Caller, Problem } from '#http';
import { lockReopenable, type Queryable, type ReopenableDelivery, resolveDelivery } from '#storage';
import { actorOf } from '../emails/change-of.js';
import type { DeliveryResolution, DeliveryRetry } from './delivery.schema.js';
import { retryDeliveries } from './retry-deliveries.js';

/** Sends one ended delivery again; throws `not_found`, `state_conflict` and `version_mismatch`. */
export async function retryDelivery(
  tx: Queryable,
  caller: Caller,
  id: DeliveryId,
  { confirmUnknown }: DeliveryRetry,
  ifVersion: number | undefined,
): Promise<void> {
  const delivery = await locked(tx, caller, id, ifVersion);
  await reopen(tx, caller, delivery, confirmUnknown);
}

/** Says how an unknown delivery ended, or has it sent once more; throws as `retryDelivery` does. */
export async function resolveUnknown(
  tx: Queryable,
  caller: Caller,
  id: DeliveryId,
  { as }: DeliveryResolution,
  ifVersion: number | undefined,
): Promise<void> {
  const delivery = await locked(tx, caller, id, ifVersion);
  if (delivery.status !== 'unknown') throw conflict(delivery, 'only what is "unknown" can be resolved.');
  if (as === 'resend') return reopen(tx, caller, delivery, true);
  await resolveDelivery(tx, { ...caller, actor: actorOf(caller) }, id, as);
}

async function locked(
  tx: Queryable,
  caller: Caller,
  id: DeliveryId,
  ifVersion: number | undefined,
): Promise<ReopenableDelivery> {
  const [delivery] = await lockReopenable(tx, caller, [id]);
  if (!delivery) throw new Problem('not_found', 'There is no such delivery.');
  const { version, status, at } = delivery;
  if (ifVersion === undefined || ifVersion === version) return delivery;
  throw new Problem('version_mismatch', `The delivery is at version "${version}" now. Read it again and decide anew.`, {
    current: { status, at, version },
  });
}

async function reopen(
  tx: Queryable,
  caller: Caller,
  delivery: ReopenableDelivery,
  confirmUnknown: boolean,
): Promise<void> {
  const [refusal] = await retryDeliveries(tx, caller, [delivery.id], { confirmUnknown });
  if (refusal === null) return;
  throw conflict(delivery, WHY[refusal ?? 'not_found']);
}

function conflict({ id, status, at }: ReopenableDelivery, why: string): Problem {
  const detail = `${publicId('delivery', id)} has been "${status}" since ${at}: ${why}`;
  return new Problem('state_conflict', detail, { current: { status, at } });
}

const WHY: Readonly<Record<ReopenRefusal | 'not_found', string>> = {
  not_ended: 'it has not come to its end. To send it sooner, use send-now of its email.',
  already_sent: 'it was accepted. Schedule another email instead.',
  cancelled: 'it was cancelled for good. Schedule another email instead.',
  suppressed: 'its address is suppressed. Lift the suppression and schedule another email.',
  email_cancelled: 'its email was cancelled, so nothing of it is sent any more.',
  expires_at_passed: 'the expiresAt of its email has passed, so nothing of it is sent any more.',
  outcome_unknown: 'it may have arrived. Send {"confirmUnknown":true} if a second copy is no harm, or resolve it.',
  not_found: 'it is gone.',
};
