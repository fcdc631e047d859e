import { MailtideError } from '#client';
import { table } from './table.js';

export interface Streams {
  readonly out: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  readonly err: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** What commands say: for people on a terminal, one JSON value a result anywhere else or with `--json`. */
export class Output {
  constructor(
    private readonly streams: Streams,
    private readonly wantsJson: () => boolean,
  ) {}

  /** Whether a person reads along. */
  get isPretty(): boolean {
    return !this.wantsJson() && this.streams.out.isTTY === true;
  }

  /** A result: `pretty` is what a person sees of it. */
  result(value: unknown, pretty: () => string): void {
    this.line(this.isPretty ? pretty() : JSON.stringify(value));
  }

  /** One value a line, while they come. */
  record(value: unknown, pretty: () => string): void {
    this.result(value, pretty);
  }

  rows<Row>(values: readonly Row[], columns: Readonly<Record<string, (row: Row) => unknown>>, whenEmpty: string): void {
    this.result(values, () => (values.length === 0 ? whenEmpty : table(values, columns, this.streams.out.columns)));
  }

  line(text: string): void {
    this.streams.out.write(`${text}\n`);
  }

  /** Why it did not work: a problem (RFC 9457) for programs, its words and what to do next for people. */
  problem(error: unknown): void {
    this.streams.err.write(`${this.isPretty ? inWords(error) : JSON.stringify(asProblem(error))}\n`);
  }
}

function asProblem(error: unknown): object {
  if (error instanceof MailtideError) {
    const { code, status, requestId, message } = error;
    return error.problem ?? { code, status, detail: message, requestId };
  }
  return { code: 'cli', detail: error instanceof Error ? error.message : String(error) };
}

function inWords(error: unknown): string {
  if (!(error instanceof MailtideError)) return error instanceof Error ? error.message : String(error);
  const { problem, code, message, requestId } = error;
  const fields = (problem?.errors ?? []).map(
    (field) => `  ${'pointer' in field ? field.pointer : field.parameter}: ${field.detail} (${field.code})`,
  );
  const where = requestId === null ? '' : `, request ${requestId}`;
  return [`${problem?.title ?? 'It did not work'}: ${message}`, ...fields, `(${code}${where})`].join('\n');
}
