import { cancellation, decideCancel, type EmailId, isOpen } from '#domain';
import { callOffAmbiguous, cancelOpenCopies, lockManyCopies } from '#storage';
import { cancelCampaigns } from '../campaigns/cancel-campaigns.js';
import { byKind } from './by-kind.js';
import { type ChangeEmails, type EmailChange, isStale } from './change-emails.js';
import { changeOf } from './change-of.js';

/** Each answer is the truth of its rows. */
const cancelSingles: ChangeEmails = async (tx, caller, ids, options = {}) => {
  const locked = await lockManyCopies(tx, caller.tenantId, caller.mode, ids); // the rows decide the race with the gate
  const results = new Map<EmailId, EmailChange>();
  for (const { id } of locked) results.set(id, { kind: 'refused', code: 'version_mismatch' });
  const fresh = locked.filter((email) => !isStale(email, options));
  const before = fresh.map((email) => ({ of: changeOf(caller, email), copies: email.copies }));
  const emails = await callOffAmbiguous(tx, before);
  const toCancel = [];
  for (const [i, email] of emails.entries()) {
    const decision = decideCancel(email.copies, fresh[i]?.tombstone_at !== null);
    const stands = { cancellation: cancellation(email.copies.map(({ status }) => status)) };
    if (decision.kind === 'too_late') {
      results.set(email.of.emailId, { kind: 'refused', code: decision.code, ...stands });
    } else if (email.copies.some(isOpen)) {
      toCancel.push(email);
    } else {
      results.set(email.of.emailId, { kind: 'done', isRepeat: true, ...stands });
    }
  }
  const caught = await cancelOpenCopies(tx, toCancel, 'cancelled_by_user');
  for (const [i, { of }] of toCancel.entries()) {
    results.set(of.emailId, { kind: 'done', isRepeat: false, ...(caught[i] && { cancellation: caught[i] }) });
  }
  return ids.map((id) => results.get(id) ?? { kind: 'refused', code: 'not_found' });
};

/** Cancels emails: their copies that are not armed will never be sent. */
export const cancelEmails: ChangeEmails = byKind(cancelSingles, cancelCampaigns);
