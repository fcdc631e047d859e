/** Deeper than any request of ours, and shallow enough for whoever walks over it (interface 2). */
const MAX_DEPTH = 32;
/** More than any request of ours has; a Set of a million names takes a second that others wait for. */
const MAX_NAMES = 10_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/**
 * What no reader of JSON should let pass in silence (RFC 8259 4, 9): a name that is twice in one object, where readers
 * disagree which one counts, and nesting without end. Undefined: nothing of that.
 * @param text valid JSON: its syntax is not looked at again
 */
export function jsonFault(text: string): string | undefined {
  const names: (Set<string> | null)[] = []; // of every open object; null for a list
  let open: Set<string> | null = null;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case 0x7b: // {
      case 0x5b: // [
        open = text.charCodeAt(at) === 0x7b ? new Set() : null;
        if (names.push(open) > MAX_DEPTH) return `is nested deeper than ${MAX_DEPTH} levels`;
        break;
      case 0x7d: // }
      case 0x5d: // ]
        names.pop();
        open = names.at(-1) ?? null;
        break;
      case QUOTE: {
        const end = endOfString(text, at);
        const fault = open && isName(text, end) ? noteName(open, text.slice(at, end + 1)) : undefined;
        if (fault !== undefined) return fault;
        at = end;
        break;
      }
    }
  }
  return undefined;
}

function noteName(open: Set<string>, quoted: string): string | undefined {
  const name = quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
  if (open.has(name)) return `has the field "${name.slice(0, 100)}" twice`;
  if (open.size === MAX_NAMES) return `has an object of more than ${MAX_NAMES} fields`;
  open.add(name);
  return undefined;
}

/** The index of the closing quote. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1); // bodies are long: strings are jumped over
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}

function isName(text: string, end: number): boolean {
  let next = end + 1;
  while (text.charCodeAt(next) <= 0x20) next += 1;
  return text.charCodeAt(next) === COLON;
}
