import type { EmailId } from '#domain';
import type { Caller } from '#http';
import type { Queryable } from '#storage';

/** What became of some emails that were all to be changed alike. */
export interface RowsChanged {
  readonly ok: number;
  /** How many were left as they are, by reason. */
  readonly rejections: Readonly<Record<string, number>>;
  /** Copies: cancelled by this, gone before it, and on their way at that moment. */
  readonly cancelled: number;
  readonly alreadySent: number;
  readonly inFlight: number;
}

/** Changes some emails alike, in the transaction given. */
export type ChangeRows = (tx: Queryable, caller: Caller, ids: readonly EmailId[]) => Promise<RowsChanged>;
