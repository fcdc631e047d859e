/** Elements whose content nobody reads. */
const SILENT = new Set(['head', 'script', 'style', 'template', 'title']);
/** Elements before and after which a line ends; two ends make a paragraph. */
const PARAGRAPHS = new Set(['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'table', 'blockquote', 'pre', 'hr']);
const LINES = new Set(['div', 'tr', 'li', 'section', 'article', 'header', 'footer', 'address', 'dt', 'dd', 'center']);
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  shy: '',
  zwnj: '',
  copy: '©',
  reg: '®',
  trade: '™',
  hellip: '…',
  mdash: '—',
  ndash: '–',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  laquo: '«',
  raquo: '»',
  bull: '•',
  middot: '·',
  times: '×',
  euro: '€',
  pound: '£',
};

/**
 * What a person would read in an HTML mail: lines, paragraphs, list dashes, and the targets of links behind their words.
 * One pass in linear time, whatever the input; it need not be well-formed.
 */
export function htmlToText(html: string): string {
  const text = new PlainText();
  let at = 0;
  while (at < html.length) {
    MARKUP.lastIndex = at;
    const open = MARKUP.exec(html)?.index ?? html.length;
    text.words(html.slice(at, open));
    at = open < html.length ? skipMarkup(html, open, text) : open;
  }
  return text.toString();
}

/** Any other `<` is one, as in `1 < 2`. */
const MARKUP = /<(?=[a-z/!?])/gi;

/** Takes the markup that begins at `open`; answers where it ends. What never ends runs to the end, as in browsers. */
function skipMarkup(html: string, open: number, text: PlainText): number {
  if (html.startsWith('<!--', open)) return behind(html, '-->', open + 4);
  const end = behind(html, '>', open);
  const tag = html.slice(open, end);
  const [, slash, rawName = ''] = /^<(\/?)([a-z0-9]*)/i.exec(tag) ?? [];
  const name = rawName.toLowerCase();
  if (slash) text.close(name);
  else if (SILENT.has(name) && !tag.endsWith('/>')) return behindElement(html, name, end);
  else text.open(name, tag);
  return end;
}

function behind(html: string, what: string, from: number): number {
  const at = html.indexOf(what, from);
  return at < 0 ? html.length : at + what.length;
}

function behindElement(html: string, name: string, from: number): number {
  const close = new RegExp(`</${name}[^>]*>`, 'gi');
  close.lastIndex = from;
  return close.test(html) ? close.lastIndex : html.length;
}

class PlainText {
  private readonly pieces: string[] = [];
  /** Line ends owed before the next word. */
  private owedLines = 0;
  private owesSpace = false;
  private link: { readonly href: string; readonly from: number } | undefined;

  words(raw: string): void {
    if (raw === '') return;
    const text = decodeEntities(raw).replaceAll(/\s+/g, ' ');
    if (text.startsWith(' ')) this.owesSpace = true;
    const trimmed = text.trim();
    if (trimmed === '') return;
    this.write(trimmed);
    this.owesSpace = text.endsWith(' ');
  }

  open(name: string, tag: string): void {
    if (name === 'br') this.lines(this.owedLines + 1);
    this.separate(name);
    if (name === 'li') this.write('- ');
    if (name === 'td' || name === 'th') this.owesSpace = true;
    if (name === 'img') this.words(attribute(tag, 'alt'));
    if (name === 'a') this.link = { href: attribute(tag, 'href'), from: this.pieces.length };
  }

  close(name: string): void {
    if (name === 'a') this.closeLink();
    this.separate(name);
  }

  toString(): string {
    return this.pieces.join('').trim();
  }

  private closeLink(): void {
    const { link } = this;
    this.link = undefined;
    if (!link || !/^(https?|mailto|tel):/i.test(link.href)) return;
    const label = this.pieces.slice(link.from).join('').trim();
    const target = link.href.replace(/^mailto:|^tel:/i, '');
    if (label === '') this.write(target);
    else if (!label.includes(target)) this.pieces.push(` (${target})`);
  }

  private separate(name: string): void {
    if (PARAGRAPHS.has(name)) this.lines(Math.max(this.owedLines, 2));
    else if (LINES.has(name)) this.lines(Math.max(this.owedLines, 1));
  }

  private lines(count: number): void {
    this.owedLines = Math.min(count, 2);
    this.owesSpace = false;
  }

  private write(text: string): void {
    if (this.pieces.length > 0) this.pieces.push(this.owedLines > 0 ? '\n'.repeat(this.owedLines) : this.gap());
    this.owedLines = 0;
    this.owesSpace = false;
    this.pieces.push(text);
  }

  private gap(): string {
    return this.owesSpace ? ' ' : '';
  }
}

function attribute(tag: string, name: 'href' | 'alt'): string {
  const [, double, single, bare] = ATTRIBUTES[name].exec(tag) ?? [];
  return decodeEntities(double ?? single ?? bare ?? '').trim();
}

const ATTRIBUTES = {
  href: /\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i,
  alt: /\salt\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i,
};

function decodeEntities(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,8}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return (Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : undefined) ?? whole;
    const point = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    const isCharacter = point >= 0x20 && point <= 0x10_ff_ff && !(point >= 0xd8_00 && point <= 0xdf_ff);
    return isCharacter ? String.fromCodePoint(point) : '';
  });
}
