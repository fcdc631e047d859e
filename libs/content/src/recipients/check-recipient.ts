import { type FieldCode, findZone, formatMailbox, hasControls, type Mailbox, parseAddress } from '#domain';
import type { TemplateData } from '../liquid/compile-content.js';
import { checkData } from './check-data.js';
import { missingVariable } from './missing-variable.js';
import { recipientData } from './recipient-data.js';

/** One whom an email goes to, as somebody wishes it: nothing is checked yet. */
export interface RecipientWish {
  readonly to: unknown;
  readonly name?: unknown;
  readonly timeZone?: unknown;
  readonly data?: unknown;
}

/** One whom an email can go to. */
export interface CheckedRecipient {
  readonly kind: 'recipient';
  /** Two addresses are the same when their keys are. */
  readonly key: string;
  /** `Name <a@b.c>`, or the bare address. */
  readonly mailbox: string;
  readonly address: string;
  readonly name: string | null;
  /** As tzdata writes it; null too where it named none: the next in the chain is taken (semantics 5). */
  readonly timeZone: string | null;
  /** It named a zone that is none: that is counted, and stops nobody. */
  readonly hasBadTimeZone: boolean;
  readonly data: TemplateData | null;
}

export interface RefusedRecipient {
  readonly kind: 'refused';
  readonly code: FieldCode;
  readonly detail: string;
}

const MAX_NAME = 200;

/** Reads one recipient. @param needs the paths of the variables that the content needs of each (`variablesOf`) */
export function checkRecipient(wish: RecipientWish, needs: readonly string[]): CheckedRecipient | RefusedRecipient {
  if (wish.to === undefined || wish.to === null || wish.to === '') return refused('required', 'there is no address');
  if (typeof wish.to !== 'string') return refused('bad_type', 'the address is no text');
  if (!wish.to.isWellFormed()) return refused('bad_format', 'the address contains half of a surrogate pair');
  const parsed = parseAddress(wish.to);
  if (parsed.kind === 'bad') return refused(parsed.code, parsed.detail);
  const name = nameOf(wish.name, parsed.mailbox);
  if (isRefused(name)) return name;
  const timeZone = zoneOf(wish.timeZone);
  if (isRefused(timeZone)) return timeZone;
  const data = checkData(wish.data);
  if (data.kind === 'refused') return data;
  const { address, key } = parsed.mailbox;
  const missing = missingVariable(needs, recipientData(address, name, data.data));
  if (missing !== undefined) return refused('missing_variable', `there is no ${missing}, which the content needs`);
  return {
    kind: 'recipient',
    key,
    mailbox: formatMailbox({ name, address }),
    address,
    name,
    timeZone,
    hasBadTimeZone: timeZone === null && isNamed(wish.timeZone),
    data: data.data,
  };
}

function nameOf(name: unknown, mailbox: Mailbox): string | null | RefusedRecipient {
  if (name === undefined || name === null) return mailbox.name;
  if (typeof name !== 'string') return refused('bad_type', 'the name is no text');
  if (hasControls(name)) return refused('injection', 'the name contains a control character (CR, LF, NUL ...)');
  if (!name.isWellFormed()) return refused('bad_format', 'the name contains half of a surrogate pair');
  const trimmed = name.trim();
  if (trimmed.length > MAX_NAME) return refused('too_long', `the name is longer than ${MAX_NAME} characters`);
  return trimmed === '' ? mailbox.name : trimmed;
}

function zoneOf(name: unknown): string | null | RefusedRecipient {
  if (name === undefined || name === null) return null;
  if (typeof name !== 'string') return refused('bad_type', 'the time zone is no text');
  const named = name.trim();
  return named === '' ? null : (findZone(named)?.id ?? null); // to ask for none is slow, and most have none
}

const isNamed = (name: unknown): boolean => typeof name === 'string' && name.trim() !== '';

const isRefused = (value: string | null | RefusedRecipient): value is RefusedRecipient =>
  typeof value === 'object' && value !== null;

const refused = (code: FieldCode, detail: string): RefusedRecipient => ({ kind: 'refused', code, detail });
