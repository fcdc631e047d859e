import { campaignStatus, type TooLate } from '#domain';
import type { EmailRow } from '#storage';
import type { RefusalCode } from './change-emails.js';

/** Why an email was left as it is, with the email as it is now. */
export type NotChanged =
  | { readonly kind: 'too_late'; readonly code: TooLate; readonly email: EmailRow }
  /** It has come to its end, so the action does not fit. */
  | { readonly kind: 'finished'; readonly email: EmailRow }
  /** It has an audience: what was asked is done elsewhere, or not at all. */
  | { readonly kind: 'audience'; readonly email: EmailRow }
  | { readonly kind: 'stale'; readonly email: EmailRow }
  | { readonly kind: 'not_found' };

/** A refusal of one of many as the use cases of one email tell it. */
export function notChanged(code: RefusalCode, email: EmailRow): NotChanged {
  switch (code) {
    case 'not_found':
      return { kind: 'not_found' };
    case 'version_mismatch':
      return { kind: 'stale', email };
    case 'state_conflict':
      return { kind: isUnfinishedAudience(email) ? 'audience' : 'finished', email };
    case 'in_flight':
    case 'already_sent':
    case 'outcome_unknown':
    case 'already_finished':
      return { kind: 'too_late', code, email };
  }
}

/** A campaign that has not come to its end refuses what only single emails can do. */
const isUnfinishedAudience = ({ status, audience }: EmailRow): boolean =>
  audience !== null && !FINAL.has(campaignStatus({ noted: status, ...audience }));

const FINAL = new Set(['completed', 'completed_with_errors', 'cancelled']);
