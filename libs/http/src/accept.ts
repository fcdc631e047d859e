import { Problem } from './problem.js';

const JSON_TYPES = ['application/json', 'application/problem+json'];

/**
 * Refuses (406) a request that wants nothing of what its route answers (RFC 9110 12.5.1). Which of several types is
 * preferred plays no part: a route answers one.
 * @param produced the types that the route answers; undefined: JSON
 */
export function requireAcceptable(accept: string | undefined, produced: readonly string[] = JSON_TYPES): void {
  if (accept === undefined || accept.trim() === '') return;
  const wanted = accept.split(',').filter((range) => !/;\s*q=0(\.0*)?\s*($|;)/i.test(range));
  const ranges = wanted.map((range) => (range.split(';')[0] ?? '').trim().toLowerCase());
  if (produced.some((type) => ranges.some((range) => includes(range, type)))) return;
  throw new Problem('not_acceptable', `This path answers ${produced[0]}; accept that, or */*.`);
}

const includes = (range: string, type: string): boolean =>
  range === '*/*' || type === '*/*' || range === type || (range.endsWith('/*') && type.startsWith(range.slice(0, -1)));
