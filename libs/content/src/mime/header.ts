import { encodeWord, foldLines, quoteString } from 'nodemailer/lib/mime-funcs';
import { hasControls, parseAddress } from '#domain';

/** Room for an encoded word on a line of 76 behind a short header name (RFC 2047 2). */
const WORD_LENGTH = 52;
const FOLD_AT = 76;
/** A run that no fold can break: written as it is it could make a line of more than 998 octets. */
const UNFOLDABLE = /\S{200,}/;
const TOO_LONG = /\S{900,}/;

/** `From: Ada <ada@acme.test>`; nothing at all without mailboxes. */
export function mailboxHeader(name: 'From' | 'To' | 'Cc' | 'Reply-To', mailboxes: readonly string[]): string {
  if (mailboxes.length === 0) return '';
  return header(name, mailboxes.map((mailbox) => formatted(name, mailbox)).join(', '));
}

export function subjectHeader(subject: string): string {
  refuseControls('Subject', subject);
  return header('Subject', isPlain(subject) ? subject : encoded(subject));
}

/** `<left@right>` (RFC 5322 3.6.4). */
export function messageIdHeader(messageId: string): string {
  refuseControls('Message-ID', messageId);
  if (!/^<[^\s<>@]+@[^\s<>@]+>$/.test(messageId)) throw new Error('Message-ID: is not <left@right>');
  return `Message-ID: ${messageId}\r\n`;
}

export function tokenHeader(name: string, token: string): string {
  if (!/^[\w.-]{1,200}$/.test(token))
    throw new Error(`${name}: may hold letters, digits, dots, dashes and underscores`);
  return `${name}: ${token}\r\n`;
}

/** A header that a caller chose: as it is where it can be, because few who read such a header decode it. */
export function customHeader(name: string, value: string): string {
  if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(name)) throw new Error(`${JSON.stringify(name)}: is no name of a header`);
  refuseControls(name, value);
  return header(name, survives(value) && !TOO_LONG.test(value) ? value : encoded(value));
}

function formatted(headerName: string, text: string): string {
  const parsed = parseAddress(text);
  if (parsed.kind === 'bad') throw new Error(`${headerName}: a mailbox ${parsed.detail}`);
  const { name, address } = parsed.mailbox;
  return name === null ? address : `${phrase(name)} <${address}>`;
}

/** A display name (RFC 5322 3.2.5): as it is, in quotes, or encoded. */
function phrase(name: string): string {
  if (!isPlain(name)) return encoded(name);
  return /^[\w !#$%&'*+/=?^`{|}~-]+$/.test(name) ? name : quoteString(name);
}

/**
 * Whether a text survives as it is. Folding swallows spaces at the ends and doubles, `=?` would be read as an encoded
 * word, and what is not ASCII has to be one.
 */
const isPlain = (text: string): boolean => survives(text) && !UNFOLDABLE.test(text);

const survives = (text: string): boolean => /^[\x20-\x7e]*$/.test(text) && !/^ | $| {2}|=\?/.test(text);

function encoded(text: string): string {
  const foreign = text.replaceAll(/[\x20-\x7e]/g, '').length;
  return encodeWord(text, foreign * 3 > text.length ? 'B' : 'Q', WORD_LENGTH); // the shorter one
}

function header(name: string, value: string): string {
  return `${foldLines(`${name}: ${value}`, FOLD_AT)}\r\n`;
}

function refuseControls(name: string, value: string): void {
  if (hasControls(value)) throw new Error(`${name}: contains a control character (CR, LF, NUL ...)`);
}
