import { publicId } from '#domain';
import { type Caller, deadLetterView, Problem, requireVersion } from '#http';
import { type DeadLetterRow, discardDeadLetter, type Queryable } from '#storage';
import { actorOf } from '../emails/change-of.js';
import { findDeadLetter } from './list-dead-letters.js';

export interface DiscardWish {
  readonly id: string;
  readonly reason: string;
  readonly ifVersion: number | undefined;
}

/** A dead letter is open, and then closed once. */
export const versionOf = ({ status }: Pick<DeadLetterRow, 'status'>): number => (status === 'open' ? 1 : 2);

/**
 * Discards a dead letter; it stays listed. Repeated it changes nothing. Throws `not_found`, `version_mismatch`, and
 * `state_conflict` for a redriven one.
 */
export async function discard(
  tx: Queryable,
  caller: Caller,
  { id, reason, ifVersion }: DiscardWish,
): Promise<DeadLetterRow> {
  const letter = await findDeadLetter(tx, caller, id);
  requireVersion(ifVersion, versionOf(letter), deadLetterView(letter));
  const isNew = await discardDeadLetter(tx, { ...caller, actor: actorOf(caller) }, letter.id, reason);
  const now = await findDeadLetter(tx, caller, id);
  if (!isNew) requireVersion(ifVersion, versionOf(now), deadLetterView(now)); // somebody else closed it meanwhile
  if (isNew || now.status === 'discarded') return now;
  const at = (now.closed_at ?? now.created_at).toISOString();
  throw new Problem(
    'state_conflict',
    `${publicId('dead_letter', now.id)} has been "${now.status}" since ${at}: its delivery was sent again.`,
    { current: { status: now.status, at } },
  );
}
