import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Problem } from './problem.js';

const MAC_BYTES = 12;

/** Until told otherwise by this process only: what it wrote, it reads. */
let key = randomBytes(32);

/** Signs and reads cursors with the installation's secret from now on, so that every replica reads those of the others. */
export function signCursorsWith(secret: Buffer): void {
  key = createHmac('sha256', secret).update('mailtide cursors').digest();
}

/**
 * Opaque positions in a list, signed, and bound to its filter: with another filter they mean nothing, and that is said.
 * @param filter whatever the list was asked for besides the page
 */
export function writeCursor(position: readonly string[], filter: object): string {
  const text = Buffer.from(JSON.stringify([fingerprint(filter), ...position]));
  return Buffer.concat([macOf(text), text]).toString('base64url');
}

/** The position in a cursor of ours; throws the problem `bad_cursor`. */
export function readCursor(cursor: string, filter: object): string[] {
  const parts = parse(cursor);
  if (!parts) throw unreadableCursor();
  const [print, ...position] = parts;
  if (print !== fingerprint(filter)) {
    throw new Problem('bad_cursor', 'The cursor belongs to another filter. Begin again without it.');
  }
  return position;
}

/** It is no place in this list. */
export const unreadableCursor = (): Problem =>
  new Problem('bad_cursor', 'The cursor is not readable. Use nextCursor or prevCursor as they came.');

/** undefined: it was not written by us. */
function parse(cursor: string): string[] | undefined {
  const bytes = Buffer.from(cursor, 'base64url');
  const [mac, text] = [bytes.subarray(0, MAC_BYTES), bytes.subarray(MAC_BYTES)];
  if (mac.length < MAC_BYTES || !timingSafeEqual(mac, macOf(text))) return undefined;
  return JSON.parse(text.toString('utf8')) as string[];
}

const macOf = (text: Buffer): Buffer => createHmac('sha256', key).update(text).digest().subarray(0, MAC_BYTES);

const fingerprint = (filter: object): string =>
  createHash('sha256')
    .update(
      JSON.stringify(
        Object.entries(filter)
          .filter(([, value]) => value !== undefined)
          .toSorted(([a], [b]) => (a < b ? -1 : 1)),
      ),
    )
    .digest('base64url')
    .slice(0, 8);
