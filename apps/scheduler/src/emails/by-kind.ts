import type { EmailId } from '#domain';
import { kindsOfEmails } from '#storage';
import type { ChangeEmails, EmailChange } from './change-emails.js';

/**
 * Changes single emails in one way and those with an audience in another: the first by their copies, all of them locked, the
 * others by one fact, whatever their size.
 */
export const byKind =
  (single: ChangeEmails, audience: ChangeEmails): ChangeEmails =>
  async (tx, caller, ids, options) => {
    const kinds = await kindsOfEmails(tx, caller.tenantId, caller.mode, ids);
    const singles = ids.filter((id) => kinds.get(id) === 'single');
    const others = ids.filter((id) => kinds.has(id) && kinds.get(id) !== 'single');
    const changes = new Map<EmailId, EmailChange>();
    for (const [some, change] of [[singles, single] as const, [others, audience] as const]) {
      const results = some.length > 0 ? await change(tx, caller, some, options) : [];
      for (const [i, id] of some.entries()) changes.set(id, results[i] ?? { kind: 'refused', code: 'not_found' });
    }
    return ids.map((id) => changes.get(id) ?? { kind: 'refused', code: 'not_found' });
  };
