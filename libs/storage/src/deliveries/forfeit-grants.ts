import type { ProcessId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

const statement = sqlFile('./forfeit-grants.sql', import.meta.url);

/**
 * Ends the grants of what dead senders had begun to work on and not armed; how many deliveries that were.
 * @param dead all senders that are proven dead: what another one has begun since is left to it
 */
export async function forfeitGrants(db: Queryable, dead: readonly ProcessId[]): Promise<number> {
  const { rows } = await db.query<{ forfeited: number }>({ ...statement, values: [dead] });
  return rows[0]?.forfeited ?? 0;
}
