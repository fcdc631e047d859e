import { createInterface } from 'node:readline';
import { pipeline, Readable } from 'node:stream';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import { InvalidArgumentError } from 'commander';
import { CsvError, parse } from 'csv-parse';
import type { NewCampaign } from '#client';
import type { RecipientsFile } from './recipients-file.js';

type Recipient = NonNullable<NewCampaign['recipients']>[number];

/** As many as a body may bear (interface 3.3). */
const MAX_INLINE = 10_000;
const FIELDS = new Set(['to', 'email', 'name', 'timeZone', 'data']);

/**
 * The rows of a file as they stand in a campaign's body, read as an upload of it would be: a row that nobody can be mailed by is
 * passed on as it is, to be rejected. Throws InvalidArgumentError, also where there are too many.
 */
export async function inlineRecipients(file: RecipientsFile): Promise<Recipient[]> {
  const rows: Recipient[] = [];
  const source = file.contentType === 'text/csv' ? csvRows(file) : jsonRows(file);
  try {
    for await (const row of source) {
      if (rows.length === MAX_INLINE) throw tooMany(file);
      rows.push(row);
    }
  } catch (error) {
    throw error instanceof CsvError ? new InvalidArgumentError(`${file.path} is no CSV: ${error.message}`) : error;
  }
  return rows;
}

async function* csvRows(file: RecipientsFile): AsyncGenerator<Recipient> {
  const options = { bom: true, record_delimiter: ['\r\n', '\n', '\r'], relax_column_count: true, relax_quotes: true };
  const records = pipeline(bytesOf(file), parse(options), () => {}) as AsyncIterable<string[]>; // its reader is told what breaks
  let columns: Columns | undefined;
  for await (const cells of records) {
    if (!columns) columns = columnsOf(cells, file);
    else if (cells.length > 1 || cells[0]?.trim()) yield rowOf(cells, columns);
  }
}

interface Columns {
  readonly names: readonly string[];
  readonly to: number;
  readonly name: number;
  readonly timeZone: number;
}

function columnsOf(header: readonly string[], { path }: RecipientsFile): Columns {
  const names = header.map((name) => name.trim());
  const lower = names.map((name) => name.toLowerCase());
  const to = Math.max(lower.indexOf('to'), lower.indexOf('email'));
  if (to < 0) throw new InvalidArgumentError(`the first row of ${path} names no column \`to\` or \`email\``);
  return { names, to, name: lower.indexOf('name'), timeZone: lower.indexOf('timezone') };
}

function rowOf(cells: readonly string[], { names, to, name, timeZone }: Columns): Recipient {
  if (cells.length !== names.length) return cells.join(',');
  const own = names.flatMap((key, at) => ([to, name, timeZone].includes(at) ? [] : [[key, cells[at] ?? ''] as const]));
  return {
    to: (cells[to] ?? '').trim(),
    name: cells[name] ?? null,
    timeZone: cells[timeZone] ?? null,
    data: Object.fromEntries(own),
  };
}

async function* jsonRows(file: RecipientsFile): AsyncGenerator<Recipient> {
  const lines = createInterface({ input: bytesOf(file), crlfDelay: Infinity });
  for await (const line of lines) {
    const text = line.replace(/^\ufeff/, '').trim();
    if (text !== '') yield jsonRow(text);
  }
}

function jsonRow(text: string): Recipient {
  const value = parsed(text);
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null || Object.keys(value).some((name) => !FIELDS.has(name))) return text;
  const { email, ...named } = value as { readonly email?: string; readonly to?: string };
  return { to: email ?? '', ...named };
}

/** undefined: it is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const bytesOf = ({ body }: RecipientsFile): Readable =>
  Readable.fromWeb((body instanceof Blob ? body.stream() : body) as NodeStream<Uint8Array>);

const tooMany = ({ path }: RecipientsFile): InvalidArgumentError =>
  new InvalidArgumentError(
    `${path} has more than ${MAX_INLINE} recipients, which is all that a plan takes. Create a draft with it (\`"draft": true\`), and read GET /v1/campaigns/{id}/plan.`,
  );
