import { createHash } from 'node:crypto';

/** A statement that only a spec needs. A connection refuses two texts under one name, and names end at 63 bytes. */
export const specStatement = (text: string): { readonly name: string; readonly text: string } => ({
  name: `spec-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`,
  text,
});
