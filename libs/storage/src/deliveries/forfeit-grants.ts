import type { ProcessId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

const statement = sqlFile('./forfeit-grants.sql', import.meta.url);

/** Ends the grants of what these dead senders had begun to work on and not armed; how many deliveries that were. */
export async function forfeitGrants(db: Queryable, senders: readonly ProcessId[]): Promise<number> {
  const { rows } = await db.query<{ forfeited: number }>({ ...statement, values: [senders] });
  return rows[0]?.forfeited ?? 0;
}
