/**
 * Reads base64 as RFC 4648 section 4 writes it, padding and all; undefined: it is something else. Node's own reader skips
 * what it does not know, which then shows in the length; no step looks at each character in JavaScript.
 */
export function decodeBase64(text: string): Buffer | undefined {
  if (text.length % 4 !== 0 || Buffer.byteLength(text) !== text.length) return undefined;
  const bytes = Buffer.from(text, 'base64');
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  if (bytes.length !== (text.length / 4) * 3 - padding) return undefined;
  if (text.includes('-') || text.includes('_')) return undefined; // of the alphabet for URLs, which the reader takes, too
  const lastGroup = bytes.length - (padding === 0 ? Math.min(3, bytes.length) : 3 - padding);
  return bytes.subarray(lastGroup).toString('base64') === text.slice(-4) ? bytes : undefined;
}
