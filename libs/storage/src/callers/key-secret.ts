import { createHash, randomBytes } from 'node:crypto';
import type { Mode } from '#domain';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const LENGTH = 43;
/** Bytes from here on would make some digits likelier than others. */
const FAIR = 256 - (256 % DIGITS.length);

/** A new key: 43 base62 digits, 256 random bits. */
export function newSecret(mode: Mode): string {
  let text = '';
  while (text.length < LENGTH) {
    for (const byte of randomBytes(LENGTH)) if (byte < FAIR) text += DIGITS.charAt(byte % DIGITS.length);
  }
  return `mt_${mode}_${text.slice(0, LENGTH)}`;
}

/** What is stored of a key. It is random enough for a plain hash: there is nothing to guess, and nothing to slow down. */
export const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** By what people know a key again: `mt_live_…a1b2`. */
export const hintOf = (mode: Mode, secret: string): string => `mt_${mode}_…${secret.slice(-4)}`;
