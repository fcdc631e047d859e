import { decodeWords } from 'postal-mime';
import { parsePublicId } from '#domain';
import type { SandboxHeader } from '#storage';

/** What is read of a message when it arrives. */
export interface ArrivedHeader extends SandboxHeader {
  readonly messageId: string | null;
}

const END = Buffer.from('\r\n\r\n');
/** More of a header than this is not looked at. */
const MAX_BYTES = 65_536;
const FIELD = /^(x-mailtide-delivery|subject|from|message-id):(.*(?:\r\n[ \t].*)*)/gim;

/** Reads the few fields that a row of the inbox needs; the rest is parsed when somebody opens the message. */
export function readHeader(message: Buffer): ArrivedHeader {
  const end = message.indexOf(END);
  const text = message.subarray(0, Math.min(end < 0 ? message.length : end, MAX_BYTES)).toString('utf8');
  const fields = new Map<string, string>();
  for (const [, name = '', value = ''] of text.matchAll(FIELD)) {
    if (!fields.has(name.toLowerCase())) fields.set(name.toLowerCase(), unfold(value));
  }
  const from = shown(fields.get('from'));
  return {
    deliveryId: parsePublicId('delivery', fields.get('x-mailtide-delivery') ?? '') ?? null,
    fromMailbox: from,
    fromKey: from && bareAddress(from),
    subject: shown(fields.get('subject')),
    messageId: fields.get('message-id') ?? null,
  };
}

const unfold = (value: string): string => value.replaceAll('\r\n', '').trim();

/** Decoded (RFC 2047), and without NUL, which Postgres has no place for. */
const shown = (value: string | undefined): string | null =>
  value === undefined ? null : (value.includes('=?') ? decodeWords(value) : value).replaceAll('\0', '\uFFFD');

const bareAddress = (mailbox: string): string =>
  (/<([^<>]*)>[^<>]*$/.exec(mailbox)?.[1] ?? mailbox).trim().toLowerCase();
