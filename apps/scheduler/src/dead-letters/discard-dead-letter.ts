import { publicId } from '#domain';
import { type Caller, Problem } from '#http';
import { type DeadLetterRow, discardDeadLetter, type Queryable } from '#storage';
import { actorOf } from '../emails/change-of.js';
import { findDeadLetter } from './list-dead-letters.js';

/** Discards a dead letter; it stays listed. Repeated it changes nothing. Throws `not_found`, and `state_conflict` for a redriven one. */
export async function discard(tx: Queryable, caller: Caller, id: string, reason: string): Promise<DeadLetterRow> {
  const letter = await findDeadLetter(tx, caller, id);
  const isNew = await discardDeadLetter(tx, { ...caller, actor: actorOf(caller) }, letter.id, reason);
  const now = await findDeadLetter(tx, caller, id);
  if (isNew || now.status === 'discarded') return now;
  const at = (now.closed_at ?? now.created_at).toISOString();
  throw new Problem(
    'state_conflict',
    `${publicId('dead_letter', now.id)} has been "${now.status}" since ${at}: its delivery was sent again.`,
    { current: { status: now.status, at } },
  );
}
