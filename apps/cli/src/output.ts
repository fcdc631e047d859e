import { inWords, problemOf } from './problem.js';
import { table } from './table.js';

export interface Streams {
  readonly out: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  readonly err: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** A column's heading, and what stands in it. */
export type Columns<Row> = Readonly<Record<string, (row: Row) => unknown>>;

/** What commands say: for people on a terminal, one JSON value a result anywhere else or with `--json`. */
export class Output {
  constructor(
    private readonly streams: Streams,
    private readonly wantsJson: () => boolean,
  ) {}

  /** A result: `pretty` is what a person sees of it. */
  result(value: unknown, pretty: () => string): void {
    this.line(this.isPretty ? pretty() : JSON.stringify(value));
  }

  /** @param whole what programs get of it; else the rows */
  rows<Row>(values: readonly Row[], columns: Columns<Row>, whenEmpty: string, whole: unknown = values): void {
    // A terminal that does not know how wide it is says 0.
    const screen = this.streams.out.columns || undefined;
    this.result(whole, () => (values.length === 0 ? whenEmpty : table(values, columns, screen)));
  }

  /** How something is just now: on a terminal each state takes the place of the one before. */
  state(value: unknown, pretty: () => string): void {
    if (this.isPretty) this.streams.out.write(`\r\u001b[K${pretty()}`);
    else this.result(value, pretty);
  }

  /** There is no further state: the last one stays. */
  lastState(): void {
    if (this.isPretty) this.streams.out.write('\n');
  }

  line(text: string): void {
    this.streams.out.write(`${text}\n`);
  }

  /** Why it did not work: a problem (RFC 9457) for programs, its words and what to do next for people. */
  problem(error: unknown): void {
    const problem = problemOf(error);
    this.streams.err.write(`${this.isPrettyProblem ? inWords(problem) : JSON.stringify(problem)}\n`);
  }

  /** What may help a person with a problem; programs get the problem alone. */
  hint(text: string): void {
    if (this.isPrettyProblem) this.streams.err.write(text);
  }

  /** What a person may want to know beside the result. */
  note(text: string): void {
    if (this.isPretty) this.streams.err.write(text);
  }

  /** Whether a person reads the results. */
  private get isPretty(): boolean {
    return !this.wantsJson() && this.streams.out.isTTY === true;
  }

  /** Whether a person reads the problems: results may go into a pipe meanwhile. */
  private get isPrettyProblem(): boolean {
    return !this.wantsJson() && this.streams.err.isTTY === true;
  }
}
