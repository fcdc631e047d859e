/** Five times what the biggest batch of ours holds. Eight million empty objects fit into 25 MiB, and take seconds and a gigabyte to read. */
const MAX_VALUES = 500_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;

/**
 * Whether bytes hold more values than any request of ours, before anybody makes objects of them. What stands in quotes
 * is jumped over, and what is no JSON may be counted wrong: it is refused anyway.
 */
export function hasTooManyValues(bytes: Buffer): boolean {
  if (bytes.length < MAX_VALUES) return false;
  let values = 0;
  for (let at = 0; at < bytes.length && values <= MAX_VALUES; at += 1) {
    const byte = bytes[at];
    if (byte === COMMA || byte === COLON) values += 1;
    else if (byte === QUOTE) at = endOfString(bytes, at);
  }
  return values > MAX_VALUES;
}

/** The index of the closing quote; of the last byte, where there is none. */
function endOfString(bytes: Buffer, start: number): number {
  let end = bytes.indexOf(QUOTE, start + 1);
  while (end !== -1 && isEscaped(bytes, end)) end = bytes.indexOf(QUOTE, end + 1);
  return end === -1 ? bytes.length - 1 : end;
}

function isEscaped(bytes: Buffer, at: number): boolean {
  let backslashes = 0;
  while (bytes[at - 1 - backslashes] === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}

export const TOO_MANY_VALUES = `has more than ${MAX_VALUES.toLocaleString('en')} values`;
