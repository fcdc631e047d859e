import { decideEdit, isOpen } from '#domain';
import {
  appendOutbox,
  copiesMoved,
  emailUpdated,
  type LockedCopy,
  type LockedEmail,
  markMoved,
  pairs,
  readNow,
  requeueCopies,
} from '#storage';
import { type ChangeEmails, decidedChange, type Verdict } from './change-emails.js';
import { changeOf } from './change-of.js';

/**
 * Makes emails due now: their copies that wait for their time, for a retry, or for a person because they were missed.
 * Limits, suppressions and a pause still hold; what is on its way already goes on undisturbed.
 */
export const sendEmailsNow: ChangeEmails = decidedChange(verdict, async (tx, caller, emails) => {
  const { tenantId } = caller;
  const now = new Date(await readNow(tx));
  const ids = emails.map(({ id }) => id);
  const versions = new Map((await markMoved(tx, tenantId, ids, now)).map(({ id, version }) => [id, version]));
  const waiting = emails.flatMap(({ copies }) => copies.filter(waits)).map(({ id }) => id);
  const moved = await requeueCopies(tx, tenantId, waiting, now);
  const events = emails.flatMap((email) => {
    const of = changeOf(caller, email);
    const told = { version: versions.get(email.id) ?? 0, scheduledAt: now };
    return [...copiesMoved(of, pairs(email.copies, moved)), emailUpdated(of, ['scheduledAt'], told)];
  });
  await appendOutbox(tx, events);
});

function verdict({ copies, tombstone_at: cancelledAt }: LockedEmail): Verdict {
  const decision = decideEdit(copies, 'time');
  if (decision.kind === 'too_late') return decision.code;
  if (cancelledAt !== null) return 'already_finished'; // a copy that came back from its server, until the cancel catches it
  return copies.some(waits) ? 'change' : 'repeat';
}

const waits = (copy: LockedCopy): boolean => isOpen(copy) && (!copy.is_due || copy.reason === 'missed');
