const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const PART = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** `1,234,567`. */
export const inWhole = (number: number): string => WHOLE.format(number);

/** `268.1`, and `1,268` where a tenth does not matter. */
export const inTenths = (number: number): string => (number < 1_000 ? PART : WHOLE).format(number);

/** `63.5 %`, never broken, of a share from 0 to 1; 100 % only of the whole, 0 % only of nothing. */
export function inPercent(share: number): string {
  const tenths = Math.round(share * 1_000);
  const honest = share < 1 && tenths === 1_000 ? 999 : share > 0 && tenths === 0 ? 1 : tenths;
  return `${PART.format(honest / 10)}\u00a0%`;
}

/** `completed_with_errors` as people write it: words that the page does not know are shown, too. */
export function inWords(value: string): string {
  const words = value.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
