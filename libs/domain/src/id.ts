/** A uuid v7 (RFC 9562) whose owner the compiler knows. Inside it is a plain uuid; at the edges it is prefixed (`dl_…`). */
export type Id<Name extends string> = string & { readonly idOf: Name };

export type TenantId = Id<'tenant'>;
export type EmailId = Id<'email'>;
export type DeliveryId = Id<'delivery'>;
export type ProviderId = Id<'provider'>;
export type KeyId = Id<'key'>;
export type EventId = Id<'event'>;
export type JobId = Id<'job'>;
/** A campaign, its email and its job bear one uuid under three names. */
export type CampaignId = Id<'campaign'>;
export type SuppressionId = Id<'suppression'>;
export type DeadLetterId = Id<'dead_letter'>;
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
  job: 'job',
  campaign: 'cmp',
  suppression: 'sup',
} as const;
export type IdName = keyof typeof ID_PREFIXES;

const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz'; // Crockford's base32: no i, l, o, u
/** Two digits at once: ids are written several times for every mail. */
const PAIRS = Array.from({ length: 1024 }, (_, n) => DIGITS.charAt(n >> 5) + DIGITS.charAt(n & 31));
const VALUES = new Map(Array.from(DIGITS, (digit, value) => [digit, value]));
/** 26 digits hold 130 bits: the first two digits are the uuid's first byte, then every five hex digits are four of ours. */
const TEXT_LENGTH = 26;

/** `em` + uuid -> `em_01m8rf20g6ekd9jbb81k6sxq3w`: sortable by creation, safe in URLs. */
export function publicId(name: IdName, id: string): string {
  const hex = id.replaceAll('-', '');
  let text = PAIRS[Number.parseInt(hex.slice(0, 2), 16)] ?? '';
  for (let at = 2; at < hex.length; at += 5) {
    const bits = Number.parseInt(hex.slice(at, at + 5), 16);
    text += (PAIRS[bits >> 10] ?? '') + (PAIRS[bits & 1023] ?? '');
  }
  return `${ID_PREFIXES[name]}_${text}`;
}

/** The uuid behind a public id; undefined for another prefix or any other text. */
export function parsePublicId<Name extends IdName>(name: Name, text: string): Id<Name> | undefined {
  const prefix = `${ID_PREFIXES[name]}_`;
  if (!text.startsWith(prefix) || text.length !== prefix.length + TEXT_LENGTH) return undefined;
  const first = number(text, prefix.length, 2);
  if (first === undefined || first > 0xff) return undefined;
  let hex = first.toString(16).padStart(2, '0');
  for (let at = prefix.length + 2; at < text.length; at += 4) {
    const bits = number(text, at, 4);
    if (bits === undefined) return undefined;
    hex += bits.toString(16).padStart(5, '0');
  }
  return dashed(hex) as Id<Name>;
}

function number(text: string, from: number, length: number): number | undefined {
  let bits = 0;
  for (let at = from; at < from + length; at += 1) {
    const value = VALUES.get(text.charAt(at));
    if (value === undefined) return undefined;
    bits = bits * 32 + value;
  }
  return bits;
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

const dashed = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
