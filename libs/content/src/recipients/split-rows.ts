import { UploadRefused } from './upload-refused.js';

/** Longer rows are nobody's recipient; no more than that is ever kept of one. */
export const MAX_ROW_BYTES = 65_536;
/** No more than a row may have, so that a longer one never lies within one piece. */
const AT_ONCE = MAX_ROW_BYTES;
/** Of a row that is left out. */
const SHOWN_BYTES = 1_000;

/** Where rows end: at every line end, or at those that stand in no quotes (RFC 4180), a bare CR among them. */
export type RowGrammar = 'lines' | 'csv';

export type RowBlock =
  /** Whole rows, one behind the other. `isCut`: nothing ends the last one. */
  | { readonly kind: 'rows'; readonly bytes: Buffer; readonly rows: number; readonly isCut: boolean }
  /** One row that was skipped; how it began. */
  | { readonly kind: 'too_long'; readonly bytes: Buffer };

/** Cuts a stream of bytes into blocks of whole rows. Throws `UploadRefused` where nobody could say where a row ends. */
export async function* splitRows(source: AsyncIterable<Uint8Array>, grammar: RowGrammar): AsyncGenerator<RowBlock> {
  const splitter = new RowSplitter(grammar);
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; at += AT_ONCE)
      yield* splitter.feed(Buffer.from(chunk.buffer, chunk.byteOffset + at, Math.min(AT_ONCE, chunk.length - at)));
  }
  yield* splitter.end();
}

const [COMMA, QUOTE, LF, CR] = [0x2c, 0x22, 0x0a, 0x0d] as const;
const BOM = [0xef, 0xbb, 0xbf];

/** Of a field: at its start, within it, within its quotes, or behind the quote that may have ended it; or behind the CR of its row. */
type State = 'start' | 'plain' | 'quoted' | 'closed' | 'cr';

/** Where a row ends, seen from a byte: nowhere near, before it, or behind it. */
const [NO_END, BEFORE, BEHIND] = [-1, 0, 1] as const;
type RowEnd = typeof NO_END | typeof BEFORE | typeof BEHIND;

class RowSplitter {
  private state: State = 'start';
  private offset = 0;
  private row = 1;
  /** Of a row that has not ended yet. */
  private begun: Buffer[] = [];
  private begunBytes = 0;

  constructor(private readonly grammar: RowGrammar) {}

  *feed(piece: Buffer): Generator<RowBlock> {
    let [from, rowFrom, rows] = [0, 0, 0];
    for (let at = 0; at < piece.length; at += 1) {
      const end = this.rowEnd(piece[at] ?? 0);
      if (end === NO_END) continue;
      const isBegun = this.begunBytes > 0;
      if (isBegun) yield this.endBegun(piece.subarray(0, at + end));
      else rows += 1;
      rowFrom = at + end;
      if (isBegun) from = rowFrom;
    }
    if (rows > 0) yield { kind: 'rows', bytes: piece.subarray(from, rowFrom), rows, isCut: false };
    this.begin(piece.subarray(rowFrom));
  }

  *end(): Generator<RowBlock> {
    if (this.state === 'quoted') {
      throw new UploadRefused(
        'bad_format',
        `row ${this.row} begins a quote that never ends: the upload is cut off, or a quote in a value is not doubled`,
      );
    }
    if (this.begunBytes > 0) yield this.endBegun(Buffer.alloc(0), true);
  }

  private rowEnd(byte: number): RowEnd {
    const at = this.offset;
    this.offset += 1;
    if (at < BOM.length && byte === BOM[at]) return NO_END;
    const end = this.grammar === 'lines' ? lineEnd(byte) : this.csvEnd(byte);
    if (end !== NO_END) this.row += 1;
    return end;
  }

  private csvEnd(byte: number): RowEnd {
    if (byte === LF && this.state !== 'quoted') {
      this.state = 'start';
      return BEHIND;
    }
    const isBehindRow = this.state === 'cr';
    this.state = this.stateAfter(byte);
    return isBehindRow ? BEFORE : NO_END;
  }

  private stateAfter(byte: number): State {
    if (this.state === 'quoted') return byte === QUOTE ? 'closed' : 'quoted';
    if (byte === CR) return 'cr';
    if (byte === COMMA) return 'start';
    if (this.state === 'closed' && byte !== QUOTE) {
      throw new UploadRefused(
        'bad_format',
        `row ${this.row} has text behind a closing quote; write a quote within quotes twice: "Ada ""Countess"" Lovelace"`,
      );
    }
    return byte === QUOTE && this.state !== 'plain' ? 'quoted' : 'plain';
  }

  private endBegun(rest: Buffer, isCut = false): RowBlock {
    const isTooLong = this.begunBytes + rest.length > MAX_ROW_BYTES;
    const bytes = Buffer.concat([...this.begun, rest]);
    [this.begun, this.begunBytes] = [[], 0];
    if (isTooLong) return { kind: 'too_long', bytes: bytes.subarray(0, SHOWN_BYTES) };
    return { kind: 'rows', bytes, rows: 1, isCut };
  }

  /** Keeps what a row has so far; of one that is too long already, its beginning. */
  private begin(bytes: Buffer): void {
    if (bytes.length === 0) return;
    if (this.begunBytes <= MAX_ROW_BYTES) this.begun.push(Buffer.from(bytes)); // a copy: the chunk is its sender's
    this.begunBytes += bytes.length;
  }
}

const lineEnd = (byte: number): RowEnd => (byte === LF ? BEHIND : NO_END);
