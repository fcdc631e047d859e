import { createHash } from 'node:crypto';
import { Problem } from './problem.js';

/**
 * Opaque positions in a list, bound to its filter: with another filter they mean nothing, and that is said.
 * @param filter whatever the list was asked for besides the page
 */
export function writeCursor(position: readonly string[], filter: object): string {
  return Buffer.from(JSON.stringify([fingerprint(filter), ...position])).toString('base64url');
}

/** The position in a cursor of ours; throws the problem `bad_cursor`. */
export function readCursor(cursor: string, filter: object): string[] {
  const parts = parse(cursor);
  if (!parts) throw new Problem('bad_cursor', 'The cursor is not readable. Use nextCursor or prevCursor as they came.');
  const [print, ...position] = parts;
  if (print !== fingerprint(filter)) {
    throw new Problem('bad_cursor', 'The cursor belongs to another filter. Begin again without it.');
  }
  return position;
}

function parse(cursor: string): string[] | undefined {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const isOurs = Array.isArray(parts) && parts.length > 1 && parts.every((part) => typeof part === 'string');
    return isOurs ? parts : undefined;
  } catch {
    return undefined;
  }
}

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
