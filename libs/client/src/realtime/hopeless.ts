import { MailtideError } from '../rest/mailtide-error.js';

const REFUSED = new Set([
  'unauthorized',
  'scope_missing',
  'origin_not_allowed',
  'not_found',
  'validation_failed',
  'bad_cursor',
]);

/** What no second try can mend: a refusal, or a bug. */
export const isHopeless = (error: unknown): boolean => !(error instanceof MailtideError) || REFUSED.has(error.code);

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;

/** How long to wait after so many failures in a row, in ms. */
export const waitAfter = (failures: number): number => Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS);
