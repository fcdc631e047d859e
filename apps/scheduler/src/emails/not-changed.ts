import type { TooLate } from '#domain';
import type { EmailRow } from '#storage';
import type { RefusalCode } from './change-emails.js';

/** Why an email was left as it is, with the email as it is now. */
export type NotChanged =
  | { readonly kind: 'too_late'; readonly code: TooLate; readonly email: EmailRow }
  /** It has come to its end, so the action does not fit. */
  | { readonly kind: 'finished'; readonly email: EmailRow }
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
      return { kind: 'finished', email };
    case 'in_flight':
    case 'already_sent':
    case 'outcome_unknown':
    case 'already_finished':
      return { kind: 'too_late', code, email };
  }
}
