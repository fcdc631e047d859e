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

/** `free`: it is under no rate. `charged`: it is received within RATE_SLACK_MS, or not at all. */
export type RateAnswer = { readonly kind: 'free' | 'charged' } | { readonly kind: 'wait'; readonly ms: number };

const FREE: RateAnswer = { kind: 'free' };

/** Charges copies to the rates that they are under, all of one or none; an answer for each, in the order given. */
export async function chargeRates(db: Queryable, asks: readonly RateAsk[]): Promise<readonly RateAnswer[]> {
  const wanted = asks.flatMap(({ charged, mode, recipientKey }, place) =>
    charged.map((limitId) => ({ place, limitId, mode, recipientKey })),
  );
  if (wanted.length === 0) return asks.map(() => FREE);
  const values = [
    wanted.map(({ place }) => place),
    wanted.map(({ limitId }) => limitId),
    wanted.map(({ mode }) => mode),
    wanted.map(({ recipientKey }) => recipientKey),
    RATE_SLACK_MS,
  ];
  const { rows } = await db.query<Row>({ ...statement, values });
  const answers = new Map(rows.map((row) => [row.place, answerOf(row)]));
  return asks.map((_, place) => answers.get(place) ?? FREE);
}

type Row = { place: number; wait_ms: number | null; is_rated: boolean };

function answerOf({ wait_ms: ms, is_rated: isRated }: Row): RateAnswer {
  if (ms !== null) return { kind: 'wait', ms };
  return { kind: isRated ? 'charged' : 'free' };
}
