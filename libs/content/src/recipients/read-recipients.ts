import { isUtf8 } from 'node:buffer';
import type { FieldCode } from '#domain';
import { type CheckedRecipient, checkRecipient } from './check-recipient.js';
import { CsvRows } from './csv-rows.js';
import { NdjsonRows } from './ndjson-rows.js';
import type { RawRow, RowReader } from './row-reader.js';
import { shownValue } from './shown-value.js';
import { type RowBlock, splitRows } from './split-rows.js';
import { UploadRefused } from './upload-refused.js';

export const RECIPIENT_TYPES = ['text/csv', 'application/x-ndjson'] as const;
export type RecipientType = (typeof RECIPIENT_TYPES)[number];

/** One row of an upload, from 1, a header not counted. */
export type RecipientRow =
  | (CheckedRecipient & { readonly row: number })
  | {
      readonly kind: 'rejected';
      readonly row: number;
      /** What was there, cut. */
      readonly value: string;
      readonly code: FieldCode;
    };

/** What stands in a batch, and what shows of it, may be as long as this: rows of 64 KiB fill it sooner than others. */
const MAX_BATCH_BYTES = 1_048_576;

export interface ReadOptions {
  /** The paths of the variables that the content needs of each recipient (`variablesOf`). */
  readonly needs: readonly string[];
  /** Rows in a batch, at most. */
  readonly batch: number;
}

/**
 * Reads an upload row by row, in memory for a few rows, whatever its size. Rows that nobody can be mailed by are told and stop
 * nobody. Throws `UploadRefused` when rows cannot be told apart, and what the source throws: then nothing read so far counts.
 */
export async function* readRecipients(
  type: RecipientType,
  source: AsyncIterable<Uint8Array>,
  { needs, batch }: ReadOptions,
): AsyncGenerator<RecipientRow[]> {
  const reader: RowReader = type === 'text/csv' ? new CsvRows() : new NdjsonRows();
  let rows: RecipientRow[] = [];
  let [row, bytes, hasRows] = [0, 0, false];
  for await (const block of splitRows(source, type === 'text/csv' ? 'csv' : 'lines')) {
    for (const raw of rawRows(block, reader)) {
      row += 1;
      if (raw.kind !== 'blank') rows.push(checked(raw, row, needs));
      hasRows ||= raw.kind !== 'blank';
      if (rows.length < batch) continue;
      yield rows;
      [rows, bytes] = [[], 0];
    }
    bytes += block.bytes.length;
    if (bytes < MAX_BATCH_BYTES || rows.length === 0) continue;
    yield rows;
    [rows, bytes] = [[], 0];
  }
  reader.end(hasRows);
  if (rows.length > 0) yield rows;
}

function rawRows(block: RowBlock, reader: RowReader): readonly RawRow[] {
  if (block.kind === 'too_long') {
    if (reader.isAtHeader) throw new UploadRefused('too_long', 'the header row is longer than 64 KiB');
    return [{ kind: 'unreadable', code: 'too_long', value: block.bytes.toString('utf8') }];
  }
  if (!isUtf8(block.bytes)) {
    throw new UploadRefused('bad_format', 'the upload is not UTF-8; save it as "CSV UTF-8" and send it again');
  }
  return reader.read(block);
}

function checked(raw: Exclude<RawRow, { kind: 'blank' }>, row: number, needs: readonly string[]): RecipientRow {
  const result = raw.kind === 'unreadable' ? raw : checkRecipient(raw.wish, needs);
  if (result.kind === 'recipient') return { ...result, row };
  return { kind: 'rejected', row, value: shownValue(raw.value), code: result.code };
}
