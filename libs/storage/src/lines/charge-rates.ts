import { type LimitId, type Mode, RATE_SLACK_MS } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

/** A copy that is about to go. */
export interface RateAsk {
  readonly charged: readonly LimitId[];
  readonly mode: Mode;
  readonly recipientKey: string;
}

const statement = sqlFile('./charge-rates.sql', import.meta.url);

/**
 * Charges copies to the rates that they are under, all of one or none; for each, in the order given, in how many ms to ask
 * again, and undefined where it may go now: received within RATE_SLACK_MS, or not at all.
 */
export async function chargeRates(db: Queryable, asks: readonly RateAsk[]): Promise<readonly (number | undefined)[]> {
  const wanted = asks.flatMap(({ charged, mode, recipientKey }, place) =>
    charged.map((limitId) => ({ place, limitId, mode, recipientKey })),
  );
  if (wanted.length === 0) return asks.map(() => undefined);
  const values = [
    wanted.map(({ place }) => place),
    wanted.map(({ limitId }) => limitId),
    wanted.map(({ mode }) => mode),
    wanted.map(({ recipientKey }) => recipientKey),
    RATE_SLACK_MS,
  ];
  const { rows } = await db.query<{ place: number; wait_ms: number | null }>({ ...statement, values });
  const waits = new Map(rows.map(({ place, wait_ms: waitMs }) => [place, waitMs ?? undefined]));
  return asks.map((_, place) => waits.get(place));
}
