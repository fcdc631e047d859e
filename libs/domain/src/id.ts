/** A uuid v7 (RFC 9562) whose owner the compiler knows. Inside it is a plain uuid; at the edges it is prefixed (`dl_…`). */
export type Id<Name extends string> = string & { readonly idOf: Name };

export type TenantId = Id<'tenant'>;
export type EmailId = Id<'email'>;
export type DeliveryId = Id<'delivery'>;
export type ProviderId = Id<'provider'>;
export type KeyId = Id<'key'>;
export type EventId = Id<'event'>;
export type SandboxMessageId = Id<'sandbox_message'>;
/** One run of one process: a restarted sender is another one. */
export type ProcessId = Id<'process'>;

/** What stands before the underscore of a public id. The list is part of the API (interface 2). */
export const ID_PREFIXES = {
  email: 'em',
  delivery: 'dl',
  provider: 'prv',
  key: 'key',
  event: 'evt',
  sandbox_message: 'msg',
  request: 'req',
  dead_letter: 'dlt',
} as const;
export type IdName = keyof typeof ID_PREFIXES;

const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz'; // Crockford's base32: no i, l, o, u
const VALUES = new Map([...DIGITS].map((digit, value) => [digit, BigInt(value)]));
const TEXT_LENGTH = 26; // 26 * 5 = 130 bits: the uuid's 128 and two leading zeros

/** `em` + uuid -> `em_01m8rf20g6ekd9jbb81k6sxq3w`: sortable by creation, safe in URLs. */
export function publicId(name: IdName, id: string): string {
  const hex = id.replaceAll('-', '');
  return `${ID_PREFIXES[name]}_${base32(BigInt(`0x${hex.slice(0, 16)}`), BigInt(`0x${hex.slice(16)}`))}`;
}

/** The uuid behind a public id; undefined for another prefix or any other text. */
export function parsePublicId<Name extends IdName>(name: Name, text: string): Id<Name> | undefined {
  const prefix = `${ID_PREFIXES[name]}_`;
  if (!text.startsWith(prefix) || text.length !== prefix.length + TEXT_LENGTH) return undefined;
  let bits = 0n;
  for (const digit of text.slice(prefix.length)) {
    const value = VALUES.get(digit);
    if (value === undefined) return undefined;
    bits = (bits << 5n) | value;
  }
  return bits >> 128n === 0n ? (dashed(bits.toString(16).padStart(32, '0')) as Id<Name>) : undefined;
}

/**
 * Makes uuids v7 that rise within one process, even inside a millisecond, so that rows lie in the order of their making.
 * @param now milliseconds since 1970
 * @param fillRandom fills the array with random bytes
 */
export function idSource(now: () => number, fillRandom: (bytes: Uint8Array) => void): <T extends string>() => T {
  const random = new Uint8Array(8 * 512);
  let used = random.length;
  let last = 0;
  let counter = 0;
  return <T extends string>() => {
    const at = Math.max(now(), last);
    counter = at === last ? counter + 1 : 0;
    last = counter > 0xfff ? at + 1 : at; // the counter is full: borrow the next millisecond
    if (counter > 0xfff) counter = 0;
    if (used === random.length) {
      fillRandom(random);
      used = 0;
    }
    const tail = random.subarray(used, (used += 8));
    const time = last.toString(16).padStart(12, '0');
    const rand = HEX.subarray(tail);
    const variant = ((tail[0] ?? 0) & 0x3f) | 0x80;
    return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${HEX.byte(variant)}${rand.slice(2, 4)}-${rand.slice(4)}` as T;
  };
}

const HEX = {
  digits: Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0')),
  byte: (value: number): string => HEX.digits[value] ?? '00',
  subarray: (bytes: Uint8Array): string => {
    let text = '';
    for (const byte of bytes) text += HEX.byte(byte);
    return text;
  },
};

function base32(high: bigint, low: bigint): string {
  let bits = (high << 64n) | low;
  let text = '';
  for (let i = 0; i < TEXT_LENGTH; i += 1) {
    text = (DIGITS[Number(bits & 31n)] ?? '') + text;
    bits >>= 5n;
  }
  return text;
}

const dashed = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
