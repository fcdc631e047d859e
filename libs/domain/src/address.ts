/** A mailbox: where to send, and what name to show. */
export interface Mailbox {
  readonly name: string | null;
  /** `local@domain`; the domain in lower case, the local part as given (RFC 5321 2.4: it may matter). */
  readonly address: string;
  /** Two addresses are the same when their keys are. */
  readonly key: string;
}

export type ParsedAddress =
  | { readonly kind: 'ok'; readonly mailbox: Mailbox }
  | { readonly kind: 'bad'; readonly code: 'bad_address' | 'injection' | 'too_long'; readonly detail: string };

const MAX_OCTETS = 254; // RFC 5321 4.5.3.1.3 less the angle brackets
const MAX_LOCAL_OCTETS = 64;
const MAX_NAME_LENGTH = 200;
/** Controls (CR, LF, NUL among them), and the separators that some readers take for line ends. */
const CONTROLS = /[\p{Cc}\u0085\u2028\u2029]/u;
const LOCAL = /^[^\s"(),:;<>@[\\\]]+$/u;
const LABEL = /^[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]{0,61}[\p{L}\p{N}\p{M}])?$/u;

/** Whether a text could smuggle a header or a command: it must be refused, never cleaned and sent. */
export const hasControls = (text: string): boolean => CONTROLS.test(text);

/**
 * Reads `a@b.c` or `Name <a@b.c>`; SMTPUTF8 and IDN are fine. Quoted local parts, comments, groups and literals are
 * refused: nobody has such a mailbox, and every reader takes them differently.
 */
export function parseAddress(text: string): ParsedAddress {
  if (hasControls(text)) return bad('injection', 'contains a control character (CR, LF, NUL ...)');
  const trimmed = text.trim();
  const bracketed = /^(.*?)\s*<([^<>]*)>$/u.exec(trimmed);
  const name = bracketed ? unquote(bracketed[1] ?? '') : null;
  if (name === undefined || (name !== null && /[<>]/.test(name))) {
    return bad('bad_address', 'the name before <...> is not readable; put it in double quotes');
  }
  if (name !== null && name.length > MAX_NAME_LENGTH) {
    return bad('too_long', `the name is longer than ${MAX_NAME_LENGTH} characters`);
  }
  const address = (bracketed ? (bracketed[2] ?? '') : trimmed).trim();
  return checkAddress(address, name === '' ? null : name);
}

function checkAddress(address: string, name: string | null): ParsedAddress {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at);
  const domain = address.slice(at + 1).toLowerCase();
  if (at < 1) return bad('bad_address', 'has no @; an address looks like ada@example.com');
  if (octets(local) > MAX_LOCAL_OCTETS)
    return bad('bad_address', `has more than ${MAX_LOCAL_OCTETS} octets before the @`);
  if (octets(address) > MAX_OCTETS) return bad('bad_address', `has more than ${MAX_OCTETS} octets`);
  if (!LOCAL.test(local) || local.startsWith('.') || local.endsWith('.') || local.includes('..')) {
    return bad('bad_address', 'has a character or a dot before the @ that no mailbox may have');
  }
  const labels = domain.split('.');
  if (labels.length < 2 || !labels.every((label) => LABEL.test(label)) || /^\d+$/.test(labels.at(-1) ?? '')) {
    return bad('bad_address', 'has no valid domain after the @');
  }
  const normalized = `${local}@${domain}`;
  return { kind: 'ok', mailbox: { name, address: normalized, key: normalized.toLowerCase() } };
}

/** `Name <a@b.c>` again, the name in quotes where its characters need that (RFC 5322 3.4). */
export function formatMailbox({ name, address }: Pick<Mailbox, 'name' | 'address'>): string {
  if (name === null) return address;
  const plain = /^[\p{L}\p{N}\p{M} !#$%&'*+/=?^_`{|}~-]+$/u.test(name);
  return `${plain ? name : `"${name.replaceAll(/["\\]/g, String.raw`\$&`)}"`} <${address}>`;
}

/** Big receivers that hide behind many domains; else the domain itself (interface 2). */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  gmail: ['gmail.com', 'googlemail.com'],
  yahoo: ['yahoo.com', 'ymail.com', 'rocketmail.com', 'aol.com', 'yahoo.co.uk', 'yahoo.fr', 'yahoo.de'],
  microsoft: ['outlook.com', 'hotmail.com', 'live.com', 'msn.com', 'hotmail.co.uk', 'hotmail.fr', 'outlook.de'],
  icloud: ['icloud.com', 'me.com', 'mac.com'],
};
const GROUP_OF = new Map(
  Object.entries(GROUPS).flatMap(([group, domains]) => domains.map((domain) => [domain, group])),
);

/** The group whose reputation an address's domain shares. */
export function domainGroup(address: string): string {
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  return GROUP_OF.get(domain) ?? domain;
}

/** The domains of a group; of any other name, itself. */
export const domainsOf = (group: string): readonly string[] => GROUPS[group] ?? [group];

function unquote(text: string): string | undefined {
  if (!text.startsWith('"')) return text.includes('"') ? undefined : text.trim();
  const inner = /^"((?:[^"\\]|\\.)*)"$/u.exec(text.trim())?.[1];
  return inner?.replaceAll(/\\(.)/gu, '$1').trim();
}

function octets(text: string): number {
  let count = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    count += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_00_00 ? 3 : 4;
  }
  return count;
}

const bad = (code: 'bad_address' | 'injection' | 'too_long', detail: string): ParsedAddress => ({
  kind: 'bad',
  code,
  detail,
});
