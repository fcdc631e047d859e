import type { FieldError } from '#domain';

/**
 * Numbers in a body that would not arrive as they were written (RFC 8259 6): beyond doubles, whole ones beyond 2^53 - 1,
 * and the negative zero.
 * @param body as JSON.parse reads it
 */
export function numberErrors(body: unknown, pointer = ''): FieldError[] {
  if (typeof body === 'number') return isExact(body) ? [] : [inexact(pointer)];
  if (typeof body !== 'object' || body === null) return [];
  const members = Array.isArray(body) ? body.entries() : Object.entries(body);
  const errors: FieldError[] = [];
  for (const [name, member] of members as Iterable<[string | number, unknown]>) {
    // Bodies may be long, and hardly anything in them is a number.
    if (typeof member === 'string') continue;
    const below = `${pointer}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
    errors.push(...numberErrors(member, below));
  }
  return errors;
}

const isExact = (value: number): boolean =>
  Number.isFinite(value) && !Object.is(value, -0) && (!Number.isInteger(value) || Number.isSafeInteger(value));

const inexact = (pointer: string): FieldError => ({
  pointer,
  code: 'out_of_range',
  detail: 'is a number that computers do not agree about: at most 2^53 - 1, and no -0',
});
