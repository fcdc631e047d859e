import type pg from 'pg';
import { EXPECTED_MIGRATIONS } from './data-source.js';
import type { Queryable } from './database.js';

const OLDEST = 150_000;

/** What makes a server unfit to keep mail; empty: it is fit. Throws when it does not answer. */
export async function databaseProblems(db: Queryable, options: { readonly unsafe: boolean }): Promise<string[]> {
  const settings = await readSettings(db);
  const problems: string[] = [];
  const version = Number(settings['server_version_num']);
  if (version < OLDEST)
    problems.push(`DATABASE_URL: the server is Postgres ${Math.floor(version / 10_000)}; 15 or newer is needed`);
  for (const name of ['fsync', 'full_page_writes', 'synchronous_commit']) {
    if (settings[name] === 'off' && !options.unsafe) {
      problems.push(
        `DATABASE_URL: the server has ${name}=off and may lose accepted mail; turn it on, or set UNSAFE_POSTGRES=1 for tests`,
      );
    }
  }
  return problems;
}

/** Whether the schema is the one that this release works with. */
export async function migrationsAreUp(db: Queryable): Promise<boolean> {
  const { rows } = await db.query<{ ran: number }>({
    name: 'count-migrations',
    text: 'select count(*)::int as ran from migrations',
    values: [],
  });
  return rows[0]?.ran === EXPECTED_MIGRATIONS;
}

async function readSettings(db: Queryable): Promise<Record<string, string>> {
  const { rows } = await db.query<pg.QueryResultRow & { name: string; reset_val: string }>({
    name: 'read-server-settings',
    // What the server itself does, not what this session asked for.
    text: `select name, case when name = 'server_version_num' then setting else reset_val end as reset_val from pg_settings
           where name in ('server_version_num', 'fsync', 'full_page_writes', 'synchronous_commit')`,
    values: [],
  });
  return Object.fromEntries(rows.map(({ name, reset_val }) => [name, reset_val]));
}
