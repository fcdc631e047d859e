import type { FieldCode } from '#domain';
import type { TemplateData } from '../liquid/compile-content.js';

/** Of one recipient, as JSON: a million of them must fit. */
export const MAX_DATA_BYTES = 16_384;
const MAX_NAMES = 100;
const MAX_DEPTH = 32;

type Refused = { readonly kind: 'refused'; readonly code: FieldCode; readonly detail: string };
export type CheckedData = { readonly kind: 'data'; readonly data: TemplateData | null } | Refused;

/** Reads the data of one recipient, or of one email: an object of what JSON can say. Nothing at all is null. */
export function checkData(data: unknown): CheckedData {
  if (data === undefined || data === null) return { kind: 'data', data: null };
  if (typeof data !== 'object' || Array.isArray(data)) return refused('bad_type', 'data is no object');
  const names = Object.keys(data);
  if (names.length === 0) return { kind: 'data', data: null };
  if (names.length > MAX_NAMES) return refused('too_many', `data has ${names.length} names; at most ${MAX_NAMES}`);
  const problem = problemIn(data, 1);
  if (problem) return problem;
  const bytes = Buffer.byteLength(JSON.stringify(data));
  if (bytes > MAX_DATA_BYTES) return refused('too_long', `data is larger than ${MAX_DATA_BYTES / 1_024} KiB`);
  return { kind: 'data', data: { ...data } };
}

/** What neither a mail nor the database could hold. */
function problemIn(value: unknown, depth: number): Refused | undefined {
  if (typeof value === 'string') return problemInText(value);
  if (typeof value === 'number' && !Number.isFinite(value)) return refused('out_of_range', 'a number is too large');
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > MAX_DEPTH) return refused('too_long', `data is deeper than ${MAX_DEPTH}`);
  for (const [name, inner] of Object.entries(value)) {
    const problem = problemInText(name) ?? problemIn(inner, depth + 1);
    if (problem) return problem;
  }
  return undefined;
}

function problemInText(text: string): Refused | undefined {
  if (text.includes('\0')) return refused('injection', 'data contains NUL');
  return text.isWellFormed() ? undefined : refused('bad_format', 'data contains half of a surrogate pair');
}

const refused = (code: FieldCode, detail: string): Refused => ({ kind: 'refused', code, detail });
