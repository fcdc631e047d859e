import { z } from 'zod';

/** What is said of a field whose schema has no words of its own; undefined: what zod says, which speaks to programmers. */
export const fieldWords: z.core.$ZodErrorMap = (issue) => {
  if (issue.schema instanceof z.ZodNumber) return numberWords(issue.schema);
  if (issue.code === 'invalid_type') return typeWords(issue.expected);
  if (issue.code === 'invalid_value') return valueWords(issue.values);
  if (issue.code === 'too_small') return sizeWords(issue.origin, 'at least', issue.minimum);
  if (issue.code === 'too_big') return sizeWords(issue.origin, 'at most', issue.maximum);
  return undefined;
};

/** All that a number must be, whatever is wrong with it. */
function numberWords({ isInt, minValue, maxValue }: z.ZodNumber): string {
  const what = isInt ? 'a whole number' : 'a number';
  const [from, to] = [minValue, maxValue].map((end) => (isEnd(end) ? end.toLocaleString('en') : undefined));
  if (from !== undefined && to !== undefined) return `must be ${what} from ${from} to ${to}`;
  if (from !== undefined) return `must be ${what}, at least ${from}`;
  return to === undefined ? `must be ${what}` : `must be ${what}, at most ${to}`;
}

/** Whether somebody set it: what no number of JSON can pass is none. */
const isEnd = (end: number | null): end is number => end !== null && Math.abs(end) < Number.MAX_SAFE_INTEGER;

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};
function typeWords(expected: string): string | undefined {
  const what = TYPES[expected];
  return what === undefined ? undefined : `must be ${what}`;
}

const valueWords = (values: readonly unknown[]): string =>
  `must be ${values.length > 1 ? 'one of ' : ''}${values.map(shown).join(', ')}`;

const UNITS: Readonly<Record<string, string>> = { string: 'characters', array: 'entries' };
function sizeWords(origin: string, how: string, size: number | bigint): string | undefined {
  const unit = UNITS[origin];
  if (unit === undefined) return undefined;
  return how === 'at least' && Number(size) === 1 ? 'must not be empty' : `must have ${how} ${shown(size)} ${unit}`;
}

const shown = (value: unknown): string =>
  typeof value === 'number' || typeof value === 'bigint' ? value.toLocaleString('en') : JSON.stringify(value);
