import { parse } from 'csv-parse/sync';
import type { RawRow, RowReader } from './row-reader.js';
import type { RowBlock } from './split-rows.js';
import { UploadRefused } from './upload-refused.js';

const EXPECTED =
  'the first row names the columns, with commas between them: `to` or `email`, and if you like `name`, `timeZone`, and your own data';
const MAX_COLUMNS = 200;

interface Columns {
  readonly count: number;
  readonly to: number;
  readonly name: number;
  readonly timeZone: number;
  /** All others. */
  readonly data: readonly { readonly name: string; readonly at: number }[];
}

/** `text/csv` (RFC 4180, and with line ends of any kind): a header row, then a recipient a row. */
export class CsvRows implements RowReader {
  private columns: Columns | undefined;

  get isAtHeader(): boolean {
    return this.columns === undefined;
  }

  read({ bytes, rows }: RowBlock & { readonly kind: 'rows' }): readonly RawRow[] {
    const records = parseRows(bytes, this.isAtHeader);
    if (records.length !== rows) throw new Error('two readers of one CSV disagree about its rows');
    const [header = []] = this.columns ? [] : records;
    const columns = (this.columns ??= columnsOf(header));
    return (header.length > 0 ? records.slice(1) : records).map((cells) => rowOf(cells, columns));
  }

  end(hasRows: boolean): void {
    if (this.columns === undefined) throw new UploadRefused('required', `the upload is empty; ${EXPECTED}`);
    if (!hasRows) throw new UploadRefused('required', 'there is no row behind the header');
  }
}

const parseRows = (bytes: Buffer, isStart: boolean): string[][] =>
  parse(bytes, {
    bom: isStart,
    columns: false,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true, // a row with too few or too many cells is that row's fault
    relax_quotes: true, // a quote in the midst of a value is a quote
  });

function columnsOf(header: readonly string[]): Columns {
  const names = header.map((name) => name.trim());
  const lower = names.map((name) => name.toLowerCase());
  refuseBadHeader(names, lower);
  const to = Math.max(lower.indexOf('to'), lower.indexOf('email'));
  const [name, timeZone] = [lower.indexOf('name'), lower.indexOf('timezone')];
  const data = names.flatMap((own, at) => ([to, name, timeZone].includes(at) ? [] : [{ name: own, at }]));
  return { count: names.length, to, name, timeZone, data };
}

function refuseBadHeader(names: readonly string[], lower: readonly string[]): void {
  const addresses = lower.filter((name) => name === 'to' || name === 'email');
  const shown = names.slice(0, 10).join(', ').slice(0, 200);
  if (addresses.length === 0)
    throw new UploadRefused('required', `no column \`to\` or \`email\` in "${shown}"; ${EXPECTED}`);
  if (addresses.length > 1)
    throw new UploadRefused('conflict', 'two columns for the address: leave one of `to` and `email`');
  if (names.length > MAX_COLUMNS)
    throw new UploadRefused('too_many', `${names.length} columns; at most ${MAX_COLUMNS}`);
  const unnamed = names.indexOf('');
  if (unnamed >= 0) throw new UploadRefused('bad_format', `column ${unnamed + 1} has no name; ${EXPECTED}`);
  const reserved = (name: string): boolean => name === 'name' || name === 'timezone';
  const keys = names.map((name, at) => (reserved(lower[at] ?? '') ? (lower[at] ?? '') : name));
  const twice = keys.find((name, at) => keys.indexOf(name) !== at);
  if (twice !== undefined) throw new UploadRefused('conflict', `two columns are named "${twice.slice(0, 100)}"`);
}

function rowOf(cells: readonly string[], columns: Columns): RawRow {
  if (cells.length <= 1 && (cells[0] ?? '').trim() === '') return { kind: 'blank' };
  if (cells.length !== columns.count) return { kind: 'unreadable', code: 'bad_format', value: cells.join(',') };
  const value = cells[columns.to] ?? '';
  const wish = {
    to: value.trim(),
    name: cells[columns.name],
    timeZone: cells[columns.timeZone],
    data: Object.fromEntries(columns.data.map(({ name, at }) => [name, cells[at] ?? ''])),
  };
  return { kind: 'wish', wish, value };
}
