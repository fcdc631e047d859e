export type ParsedCount =
  { readonly kind: 'count'; readonly count: number } | { readonly kind: 'bad'; readonly detail: string };

const MAX = 1_000_000;
const GROUPED = /^\d{1,3}([ ,_’']\d{3})+$/;

/** How many emails somebody means; `5,000` and `5 000` are understood. */
export function parseCount(text: string): ParsedCount {
  const typed = text.trim();
  if (typed === '') return bad('Enter how many emails to send.');
  const digits = GROUPED.test(typed) ? typed.replaceAll(/\D/g, '') : typed;
  if (!/^\d+$/.test(digits)) return bad(`“${typed}” is not a whole number from 0 to 1,000,000, for example 5000.`);
  const count = Number(digits);
  return count > MAX ? bad(`${typed} is too many: 1,000,000 is the most.`) : { kind: 'count', count };
}

const bad = (detail: string): ParsedCount => ({ kind: 'bad', detail });
