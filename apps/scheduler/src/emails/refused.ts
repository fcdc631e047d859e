import { type FieldError, publicId, type TooLate } from '#domain';
import { emailView, Problem } from '#http';
import type { EmailRow } from '#storage';
import type { NotChanged } from './not-changed.js';
import { noSuchEmail } from './not-found.js';

/** Why a use case did not do what was asked. */
export type Refused = { readonly kind: 'invalid'; readonly errors: readonly FieldError[] } | NotChanged;

/** A refusal of the use cases as a problem of the API. */
export function refused(result: Refused): Problem {
  switch (result.kind) {
    case 'invalid': {
      const [first] = result.errors;
      const where = first && 'pointer' in first ? `${first.pointer}: ` : '';
      return new Problem('validation_failed', `${where}${first?.detail ?? 'not valid'}`, { errors: result.errors });
    }
    case 'too_late':
      return tooLate(result.code, result.email);
    case 'finished':
      return tooLate('state_conflict', result.email);
    case 'audience':
      return elsewhere(result.email);
    case 'stale':
      return new Problem(
        'version_mismatch',
        `The email is at version "${result.email.version}" now. Read it again and decide anew.`,
        { current: emailView(result.email) },
      );
    case 'not_found':
      return noSuchEmail();
  }
}

/** An email with an audience is changed under another of its names. */
function elsewhere(email: EmailRow): Problem {
  const { id } = email;
  const place =
    email.kind === 'load_test'
      ? `a load test. Pause or cancel it at /v1/jobs/${publicId('job', id)}.`
      : `a campaign. Change it at /v1/campaigns/${publicId('campaign', id)}: it goes as its pacing says.`;
  const current = { status: emailView(email).status, at: email.updated_at.toISOString() };
  return new Problem('state_conflict', `${publicId('email', id)} is ${place}`, { current });
}

/** The state that stood in the way, and since when. */
function tooLate(code: TooLate | 'state_conflict', email: EmailRow): Problem {
  const { status } = emailView(email);
  const at =
    email.copies
      .map((copy) => copy.at)
      .toSorted()
      .at(-1) ?? email.updated_at.toISOString();
  const detail = `${publicId('email', email.id)} has been "${status}" since ${at}: ${WHAT_NOW[code]}`;
  return new Problem(code, detail, { current: { status, at } });
}

const WHAT_NOW: Readonly<Record<TooLate | 'state_conflict', string>> = {
  in_flight: 'it is at the server now. Ask again with ?wait=10 to learn how that ended.',
  already_sent: 'it cannot be called back. Schedule another email instead.',
  outcome_unknown: 'the server never answered, so it may have arrived; it will not be sent again.',
  already_finished: 'it has come to its end. Schedule another email instead.',
  state_conflict: 'it has come to its end, so there is nothing left to pause or to resume.',
};
