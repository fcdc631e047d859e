const CR = 0x0d;
const LF = 0x0a;

/**
 * Whether a message has a CR or an LF that stands alone (RFC 5321 2.3.8 forbids both). Servers differ in what they take
 * for a line end, and what differs can smuggle a second message: so such a message is refused, never mended.
 */
export function hasBareLineEnd(message: Buffer): boolean {
  let previous = 0;
  for (const byte of message) {
    if (previous === CR ? byte !== LF : byte === LF) return true;
    previous = byte;
  }
  return previous === CR;
}
