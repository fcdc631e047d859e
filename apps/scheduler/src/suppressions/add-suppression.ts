import type { SuppressionId } from '#domain';
import { type Caller, Problem } from '#http';
import { addSuppression, findSuppressions, newId, type Queryable } from '#storage';
import type { SuppressionRequest } from './suppression.schema.js';
import { suppressionView, type SuppressionView } from './suppression.view.js';

/**
 * Suppresses an address from this transaction's commit on. What is on its way to a server may still arrive within two
 * seconds. Throws the problem `already_exists` with the one in force.
 */
export async function suppress(tx: Queryable, caller: Caller, wish: SuppressionRequest): Promise<SuppressionView> {
  const { key, address } = wish.address;
  const scope = wish.scope ?? 'all';
  const reason = wish.reason ?? null;
  const row = { id: newId<SuppressionId>(), recipientKey: key, address, scope, source: 'manual', reason } as const;
  const added = await addSuppression(tx, caller, row);
  const found = (await findSuppressions(tx, caller, [key])).find((one) => one.scope === scope);
  if (!found) throw new Error('a suppression vanished while it was made');
  const view = suppressionView(found);
  if (added) return view;
  throw new Problem(
    'already_exists',
    `There is ${view.id} of that address and scope. Delete it to change its reason.`,
    {
      current: view,
    },
  );
}
