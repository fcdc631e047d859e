/** What became of a call: `info` means that nobody knows, because its answer never came. */
export type CallEnd = 'ok' | 'refused' | 'info';

/** One email as the caller saw it. Milliseconds since 1970, all by the clock of this machine. */
export interface LedgerEntry {
  readonly emailId: string;
  readonly deliveryId: string;
  readonly recipient: string;
  /** Due times that were acknowledged, with the time of the acknowledgement; the last one binds. */
  readonly dueAtMs: number;
  readonly subjects: readonly string[];
  readonly cancel: { readonly end: CallEnd; readonly status: number; readonly answeredAtMs: number } | null;
  readonly edit: { readonly end: CallEnd; readonly subject: string; readonly answeredAtMs: number } | null;
}

/** A message whose final dot the witness has read. */
export interface Arrival {
  readonly deliveryId: string;
  readonly subject: string;
  readonly atMs: number;
  /** false: read and then the connection was cut, so the sender cannot know. */
  readonly answered: boolean;
}

/** A delivery as the database has it in the end. */
export interface FinalRow {
  readonly deliveryId: string;
  readonly status: string;
  readonly possibleDuplicate: boolean;
  /** Attempts of which nobody knew the end. */
  readonly ambiguous: number;
}

/** What a client of the gateway was told, each event once. */
export interface Told {
  readonly deliveryId: string;
  readonly status: string;
}

export interface Evidence {
  readonly ledger: readonly LedgerEntry[];
  readonly arrivals: readonly Arrival[];
  readonly rows: readonly FinalRow[];
  readonly told: readonly Told[];
}
