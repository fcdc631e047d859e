/** The cursors that realtime clients hold: a transaction id from which on they may have missed something. */
const PREFIX = 'c_';
const LARGEST = 2n ** 64n - 1n;

/** `c_…`: opaque to clients. @param position a transaction id, as text */
export const liveCursor = (position: string): string => PREFIX + BigInt(position).toString(36);

/** The transaction id in a cursor; undefined: it is none of ours. */
export function parseLiveCursor(cursor: string): string | undefined {
  const digits = /^c_([0-9a-z]{1,13})$/.exec(cursor)?.[1];
  if (digits === undefined) return undefined;
  let position = 0n;
  for (const digit of digits) position = position * 36n + BigInt(Number.parseInt(digit, 36));
  return position <= LARGEST ? position.toString() : undefined;
}
