import { findZone, formatMailbox, hasControls, parseAddress } from '#domain';
import type { NewRecipient, RejectedRow } from '#storage';
import type { RecipientRequest } from './campaign.schema.js';

export type ReadRecipient =
  | { readonly kind: 'recipient'; readonly recipient: NewRecipient }
  | { readonly kind: 'rejected'; readonly value: string; readonly code: RejectedRow['code'] };

const MAX_SHOWN = 320;
const MAX_NAME = 200;

/**
 * A recipient as it came, checked: who nobody can be mailed by is rejected, and who lacks something that the content needs. A
 * zone that is none falls through to the next in the chain (semantics 5).
 */
export function readRecipient(row: RecipientRequest, needs: readonly string[]): ReadRecipient {
  const { to, name, timeZone, data } = typeof row === 'string' ? { to: row } : row;
  const rejected = (code: string): ReadRecipient => ({ kind: 'rejected', value: shown(to), code });
  if (!to.isWellFormed()) return rejected('bad_format');
  const parsed = parseAddress(to);
  if (parsed.kind === 'bad') return rejected(parsed.code);
  const shownName = (name ?? '').trim() === '' ? parsed.mailbox.name : (name ?? '').trim();
  if (shownName !== null && hasControls(shownName)) return rejected('injection');
  if (shownName !== null && (shownName.length > MAX_NAME || !shownName.isWellFormed())) return rejected('bad_format');
  const { address, key } = parsed.mailbox;
  const known = { email: address, name: shownName, ...data };
  if (
    needs.some((variable) => (Object.hasOwn(known, variable) ? known[variable as keyof typeof known] : null) === null)
  )
    return rejected('missing_variable');
  const recipient = {
    key,
    mailbox: formatMailbox({ name: shownName, address }),
    address,
    name: shownName,
    timeZone: zoneOf(timeZone),
    data: data ?? null,
  };
  return { kind: 'recipient', recipient };
}

/** What can be stored and shown of a text that nobody checked. */
const shown = (text: string): string =>
  text
    .slice(0, MAX_SHOWN)
    .toWellFormed()
    .replace(/\p{Cc}/gu, '\uFFFD');

/** To ask for a zone that is none is slow, and most recipients have none. */
const zoneOf = (name: string | null | undefined): string | null =>
  name === null || name === undefined || name === '' ? null : (findZone(name)?.id ?? null);
