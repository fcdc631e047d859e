import { countGone } from '#storage';
import type { ChangeEmails } from '../emails/change-emails.js';
import type { ChangeRows } from './change-rows.js';

/** A change of many emails as a chunk of a bulk job. What is gone is counted while the change still holds the rows. */
export const manyAtOnce =
  (change: ChangeEmails): ChangeRows =>
  async (tx, caller, ids) => {
    const rejections: Record<string, number> = {};
    let ok = 0;
    let cancelled = 0;
    for (const result of await change(tx, caller, ids)) {
      if (result.kind === 'done') {
        ok += 1;
        cancelled += result.isRepeat ? 0 : (result.cancellation?.cancelled ?? 0);
      } else rejections[result.code] = (rejections[result.code] ?? 0) + 1;
    }
    const { sent, sending } = await countGone(tx, caller.tenantId, ids);
    return { ok, rejections, cancelled, alreadySent: sent, inFlight: sending };
  };
