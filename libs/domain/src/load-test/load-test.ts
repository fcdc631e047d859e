/** What the recipients of a load test are made from: the same script makes the same ones. */
export interface LoadTestScript {
  readonly count: number;
  /** At most so many a second; null: as fast as they go. */
  readonly ratePerSecond: number | null;
  /** Parts of the recipients, 0 to 1, that are refused at first, and for good. */
  readonly failures: { readonly temporary: number; readonly permanent: number };
  readonly seed: number;
}

/** The sandbox keeps so many bodies of a load test, and every envelope (interface 3.17). */
const BODIES = 100;

export const MAX_LOAD_TEST = 1_000_000;

/** Nobody lives there (RFC 2606): what it answers is made up, and teaches nothing about anybody. */
const DOMAIN = 'load.test';
const DIGITS = String(MAX_LOAD_TEST).length;

/** The address of the recipient at a place, from 1. Its tag tells the sandbox what to do: `n0000123+soft@load.test`. */
export function recipientOf({ failures, seed }: LoadTestScript, place: number): string {
  const share = shareOf(seed, place);
  const tag = share < failures.permanent ? '+bounce' : share < failures.permanent + failures.temporary ? '+soft' : '';
  return `n${String(place).padStart(DIGITS, '0')}${tag}@${DOMAIN}`;
}

/** The place up to which recipients keep the bodies of what they get: they are the first that do not bounce. */
export function lastWithBody(script: LoadTestScript): number {
  let kept = 0;
  for (let place = 1; place <= script.count; place += 1) {
    if (!isBounce(script, place)) kept += 1;
    if (kept === BODIES) return place;
  }
  return script.count;
}

/** The place of a made-up recipient; null: somebody else. */
export function placeOf(address: string): number | null {
  const [, digits] = /^n(\d{7})(?:\+[a-z]+)?@load\.test$/i.exec(address) ?? [];
  return digits === undefined ? null : Number(digits);
}

const isBounce = ({ failures, seed }: LoadTestScript, place: number): boolean =>
  shareOf(seed, place) < failures.permanent;

/** Made up by a load test: that it bounces must not keep the next load test from it. */
export const isMadeUp = (address: string): boolean => address.toLowerCase().endsWith(`@${DOMAIN}`);

/** A number from 0 to 1 for each place: even over many, and different for each seed (the finaliser of MurmurHash3). */
function shareOf(seed: number, place: number): number {
  return mixed(Math.imul(place, 0x9e3779b1) ^ mixed(seed)) / 2 ** 32;
}

function mixed(number: number): number {
  let hash = number | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
