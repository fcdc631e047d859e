import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

/** Transaction ids as text: they outgrow a double. */
export interface HistoryPosition {
  /** Everything below it is committed or never will be: whoever reads the tables now has seen it. */
  readonly position: string;
  /** Nothing at or above it has been seen. */
  readonly horizon: string;
}

const statement = sqlFile('./read-position.sql', import.meta.url);

/** Read it before a snapshot: what the snapshot lacks is found by a replay from `position`. */
export async function readPosition(db: Queryable): Promise<HistoryPosition> {
  const { rows } = await db.query<HistoryPosition & Record<string, unknown>>({ ...statement, values: [] });
  const [row] = rows;
  if (!row) throw new Error('read-position.sql answers one row, always');
  return row;
}
