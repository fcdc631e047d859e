const SEPARATORS = new Set([',', ';']);
const CLOSING: Readonly<Record<string, string>> = { '"': '"', '<': '>' };

/**
 * The addresses in one text: commas and semicolons stand between them, unless within double quotes or angle brackets. What each
 * of them is, `parseAddress` says; what is still open at the end is one. Line ends stay where they are, to be refused: they are
 * an attack on the header.
 */
export function splitAddresses(text: string): string[] {
  const entries: string[] = [];
  let [from, closing] = [0, ''];
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (closing !== '') {
      if (sign === '\\' && closing === '"') at += 1;
      else if (sign === closing) closing = '';
    } else if (SEPARATORS.has(sign)) {
      entries.push(text.slice(from, at));
      from = at + 1;
    } else closing = CLOSING[sign] ?? '';
  }
  entries.push(text.slice(from));
  return entries.map((entry) => entry.replaceAll(/^[ \t]+|[ \t]+$/g, '')).filter((entry) => entry !== '');
}
