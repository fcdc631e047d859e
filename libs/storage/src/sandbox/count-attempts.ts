import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

const statement = sqlFile('./count-attempts.sql', import.meta.url);

/** For each key given, which attempt this one is, from 1. A key given twice gets two numbers. */
export async function countAttempts(db: Queryable, keys: readonly string[]): Promise<number[]> {
  const { rows } = await db.query<{ key: string; attempts: number }>({ ...statement, values: [keys] });
  const last = new Map(rows.map(({ key, attempts }) => [key, attempts]));
  return keys
    .toReversed()
    .map((key) => {
      const attempt = last.get(key) ?? 1;
      last.set(key, attempt - 1);
      return attempt;
    })
    .toReversed();
}
