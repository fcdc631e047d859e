import type { RawRow, RowReader } from './row-reader.js';
import type { RowBlock } from './split-rows.js';
import { UploadRefused } from './upload-refused.js';

const FIELDS = new Set(['to', 'email', 'name', 'timeZone', 'data']);

/** `application/x-ndjson`: an address, or `{to, name?, timeZone?, data?}`, a line; `to` may be called `email`, as in a CSV. */
export class NdjsonRows implements RowReader {
  readonly isAtHeader = false;
  private isFirst = true;

  read({ bytes, isCut }: RowBlock & { readonly kind: 'rows' }): readonly RawRow[] {
    const text = bytes.toString('utf8');
    const lines = (this.isFirst ? text.replace(/^\ufeff/, '') : text).split('\n');
    this.isFirst = false;
    if (!isCut) lines.pop(); // behind the last line end
    return lines.map((line) => rowOf(line, isCut));
  }

  end(): void {
    // An upload without a line has no recipients, and says so by its size.
  }
}

function rowOf(line: string, isCut: boolean): RawRow {
  if (line.trim() === '') return { kind: 'blank' };
  const parsed = parseLine(line);
  if (parsed === undefined) {
    if (isCut) throw new UploadRefused('bad_format', 'the last line is cut off: it is no JSON, and nothing ends it');
    return { kind: 'unreadable', code: 'bad_format', value: line };
  }
  const { value } = parsed;
  if (typeof value === 'string') return { kind: 'wish', wish: { to: value }, value };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { kind: 'unreadable', code: 'bad_type', value: line };
  }
  if (Object.keys(value).some((name) => !FIELDS.has(name)))
    return { kind: 'unreadable', code: 'unknown_field', value: line };
  const { email, ...named } = value as Readonly<Record<string, unknown>>;
  if (email !== undefined && named['to'] !== undefined) return { kind: 'unreadable', code: 'conflict', value: line };
  const wish = { to: email, ...named };
  return { kind: 'wish', wish, value: typeof wish.to === 'string' ? wish.to : line };
}

function parseLine(line: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(line) };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}
