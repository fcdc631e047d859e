import { isUtf8 } from 'node:buffer';
import { pipeline, Readable } from 'node:stream';
import { type CsvError, parse } from 'csv-parse';
import { Problem } from '#http';
import type { RecipientRequest } from './campaign.schema.js';

export const RECIPIENT_TYPES = ['text/csv', 'application/x-ndjson'] as const;
export type RecipientType = (typeof RECIPIENT_TYPES)[number];

/** A row of an upload, numbered from 1, the header not counted. */
export type RecipientRow = { readonly row: number } & (
  | { readonly kind: 'row'; readonly recipient: RecipientRequest }
  | { readonly kind: 'rejected'; readonly value: string; readonly code: string }
);

const MAX_ROW = 65_536;

/** The rows of an upload as they come. Throws `validation_failed` for what is no such file; nothing of it is accepted then. */
export const recipientRows = (bytes: AsyncIterable<Buffer>, type: RecipientType): AsyncIterable<RecipientRow> =>
  type === 'text/csv' ? csvRows(bytes) : ndjsonRows(bytes);

async function* csvRows(bytes: AsyncIterable<Buffer>): AsyncGenerator<RecipientRow> {
  let row = 0;
  let hasHeader = false;
  const header = (names: readonly string[]) => {
    hasHeader = true;
    return headerOf(names);
  };
  const parser = parse({ bom: true, columns: header, max_record_size: MAX_ROW, skip_empty_lines: true, trim: true });
  let failure: Error | undefined;
  pipeline(Readable.from(utf8(bytes)), parser, (error) => (failure = error ?? undefined));
  try {
    for await (const record of parser as AsyncIterable<Record<string, string>>) {
      row += 1;
      yield { kind: 'row', row, recipient: recipientOf(record) };
    }
  } catch (error) {
    throw failure instanceof Problem ? failure : (csvProblem(error) ?? error);
  }
  if (!hasHeader) throw refused('it has no header row');
}

/** Column names as they are used; `to` or `email` is needed. */
function headerOf(names: readonly string[]): string[] {
  const known = names.map((name) => (name.toLowerCase() === 'email' ? 'to' : name));
  if (!known.includes('to')) throw refused('the header row has no column "to" or "email"');
  if (new Set(known).size < known.length) throw refused('the header row names a column twice');
  return known;
}

function recipientOf({
  to = '',
  name = '',
  timeZone = '',
  ...data
}: Readonly<Record<string, string>>): RecipientRequest {
  return { to, name, timeZone, data };
}

function csvProblem(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  const code = (error as Partial<CsvError>).code;
  if (typeof code !== 'string' || !code.startsWith('CSV_')) return undefined;
  return refused(`the CSV cannot be read: ${(error as Error).message.slice(0, 200)}`);
}

async function* ndjsonRows(bytes: AsyncIterable<Buffer>): AsyncGenerator<RecipientRow> {
  let row = 0;
  for await (const line of lines(utf8(bytes))) {
    if (line.trim() === '') continue;
    row += 1;
    yield { row, ...ndjsonRow(line) };
  }
}

async function* lines(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest = '';
  const decoder = new TextDecoder('utf-8');
  for await (const piece of bytes) {
    const parts = (rest + decoder.decode(piece, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    if (rest.length > MAX_ROW) throw refused(`a row has more than ${MAX_ROW} characters`);
    yield* parts;
  }
  if (rest !== '') yield rest;
}

type RowContent =
  | { readonly kind: 'row'; readonly recipient: RecipientRequest }
  | { readonly kind: 'rejected'; readonly value: string; readonly code: string };

function ndjsonRow(line: string): RowContent {
  const rejected: RowContent = {
    kind: 'rejected',
    value: line
      .slice(0, 300)
      .toWellFormed()
      .replace(/\p{Cc}/gu, ' '),
    code: 'bad_format',
  };
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'string') return { kind: 'row', recipient: value };
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return rejected;
    const { to, email, name, timeZone, data, ...rest } = value as Record<string, unknown>;
    const address = to ?? email;
    if (typeof address !== 'string') return rejected;
    const more = typeof data === 'object' && data !== null && !Array.isArray(data) ? data : {};
    const text = (one: unknown) => (typeof one === 'string' ? one : null);
    return {
      kind: 'row',
      recipient: { to: address, name: text(name), timeZone: text(timeZone), data: { ...rest, ...more } },
    };
  } catch {
    return rejected;
  }
}

/** Bytes that are UTF-8, cut between characters where they come in pieces. */
async function* utf8(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const piece of bytes) {
    const all = rest.length > 0 ? Buffer.concat([rest, piece]) : piece;
    const cut = wholeCharacters(all);
    const whole = all.subarray(0, cut);
    rest = Buffer.from(all.subarray(cut));
    if (!isUtf8(whole)) throw refused('the file is not UTF-8');
    if (whole.length > 0) yield whole;
  }
  if (rest.length > 0) throw refused('the file is not UTF-8');
}

/** How many bytes there are before a character that is not whole yet. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue; // in the middle of one
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

const refused = (why: string): Problem =>
  new Problem('validation_failed', `The upload was refused, and nothing of it accepted: ${why}.`, {
    errors: [{ pointer: '', code: 'bad_format', detail: why }],
  });
