import { hasControls } from '#domain';

/** A file beside or inside a message. */
export interface MessageAttachment {
  readonly filename: string;
  /** A media type with its parameters, without `name`. */
  readonly contentType: string;
  /** What `cid:` in the html names; null: it is shown beside the message. */
  readonly contentId: string | null;
  readonly content: Buffer;
}

/** Three bytes make four characters, 19 times a line (RFC 2045 6.8). */
const LINE = 76;
const BYTES_A_LINE = (LINE / 4) * 3;
const BYTES_AT_ONCE = BYTES_A_LINE * 1_000;
/** Of a parameter on a line: what is longer goes in pieces (RFC 2231 3). */
const PIECE = 60;

/** A part with its headers, ending in CRLF: the header first, then the body. */
export function attachmentPart(attachment: MessageAttachment, place: 'attachment' | 'inline'): Buffer[] {
  const { filename, contentType, contentId, content } = attachment;
  for (const text of [filename, contentType, contentId ?? ''])
    if (hasControls(text)) throw new Error('an attachment: contains a control character (CR, LF, NUL ...)');
  // Readers take a text that stands inline for a part of the message.
  const disposition = /^text\//i.test(contentType) ? 'attachment' : place;
  const headers = [
    `Content-Type: ${contentType}`,
    'Content-Transfer-Encoding: base64',
    `Content-Disposition: ${disposition}${parameter('filename', filename)}`,
    ...(contentId === null ? [] : [`Content-ID: <${contentId}>`]),
  ];
  return [Buffer.from(`${headers.join('\r\n')}\r\n\r\n`), encodedOnce(content)];
}

/** A parameter on lines of its own: in quotes, or what is long or not ASCII by RFC 2231. */
function parameter(name: string, value: string): string {
  if (/^[\x20-\x7e]*$/.test(value) && !value.includes('=?') && value.length <= PIECE)
    return `;\r\n ${name}="${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
  const pieces = inPieces(`utf-8''${percentEncoded(value)}`);
  if (pieces.length === 1) return `;\r\n ${name}*=${pieces[0]}`;
  return pieces.map((piece, index) => `;\r\n ${name}*${index}*=${piece}`).join('');
}

/** Everything but letters, digits and harmless signs (RFC 2231 7, `attribute-char`). */
const percentEncoded = (text: string): string =>
  [...Buffer.from(text)]
    .map((byte) => {
      const character = String.fromCodePoint(byte);
      return /[A-Za-z0-9._-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');

/** No piece ends within a `%XX`. */
const inPieces = (text: string): string[] => text.match(new RegExp(`(?:%..|[^%]){1,${PIECE / 3}}`, 'g')) ?? [];

/** Copies that differ in their text share their files: those are encoded once for as long as they are kept. */
const encoded = new WeakMap<Buffer, Buffer>();

function encodedOnce(content: Buffer): Buffer {
  const lines = encoded.get(content) ?? base64Lines(content);
  encoded.set(content, lines);
  return lines;
}

/** Written into one buffer, some lines at a time: as one text, a big attachment would be in memory three times. */
function base64Lines(content: Buffer): Buffer {
  const lines = Math.ceil(content.length / BYTES_A_LINE);
  const out = Buffer.allocUnsafe(Math.ceil(content.length / 3) * 4 + lines * 2);
  let at = 0;
  for (let from = 0; from < content.length; from += BYTES_AT_ONCE) {
    const some = Buffer.from(content.toString('base64', from, from + BYTES_AT_ONCE), 'latin1');
    for (let start = 0; start < some.length; start += LINE) {
      at += some.copy(out, at, start, start + LINE);
      out[at++] = 0x0d;
      out[at++] = 0x0a;
    }
  }
  return out;
}
