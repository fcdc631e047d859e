import type { ProviderId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

/** A provider's breaker as it was when it was read. */
export interface BreakerRow {
  readonly provider_id: ProviderId;
  readonly state: 'closed' | 'open' | 'half_open';
  /** How often in a row it opened. */
  readonly opened: number;
  /** Of its present state; 0 or less: over. */
  readonly left_seconds: number;
  /** Which state of the row this is: it changes with every move. */
  readonly changed: string;
}

export interface BreakerChange {
  readonly state: BreakerRow['state'];
  readonly opened: number;
  readonly seconds: number;
  /** In a row, as the sender that moves it has seen. */
  readonly faults: number;
  /** In the server's words or ours; null keeps the last one. */
  readonly error: string | null;
}

const readStatement = sqlFile('./read-breakers.sql', import.meta.url);
const moveStatement = sqlFile('./move-breaker.sql', import.meta.url);

/** The breakers of these providers; one that never opened is left out. */
export async function readBreakers(db: Queryable, providers: readonly ProviderId[]): Promise<BreakerRow[]> {
  const { rows } = await db.query<BreakerRow & Record<string, unknown>>({ ...readStatement, values: [providers] });
  return rows;
}

/**
 * Moves a breaker, if it still is as it was read; undefined: another sender moved it meanwhile.
 * @param changed of the row that was read; null: there was none
 */
export async function moveBreaker(
  db: Queryable,
  providerId: ProviderId,
  changed: string | null,
  { state, opened, seconds, faults, error }: BreakerChange,
): Promise<BreakerRow | undefined> {
  const values = [providerId, changed, state, opened, seconds, faults, error];
  const { rows } = await db.query<BreakerRow & Record<string, unknown>>({ ...moveStatement, values });
  return rows[0];
}
