import type pg from 'pg';
import { EXPECTED_MIGRATIONS } from './data-source.js';
import type { Queryable } from './database.js';

const OLDEST = 150_000;
const UNDEFINED_TABLE = '42P01';

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
export const migrationsAreUp = async (db: Queryable): Promise<boolean> => (await schemaProblem(db)) === undefined;

/** Why this release cannot work with the schema, and what mends it; undefined: it can. */
export async function schemaProblem(db: Queryable): Promise<string | undefined> {
  const ran = await countMigrations(db);
  if (ran < EXPECTED_MIGRATIONS)
    return `DATABASE_URL: the schema is not up to date; run \`npm run migrate\` (${ran} of ${EXPECTED_MIGRATIONS} migrations ran)`;
  if (ran > EXPECTED_MIGRATIONS)
    return `DATABASE_URL: the schema is newer than this release (${ran} migrations, ${EXPECTED_MIGRATIONS} known); start the release that migrated it`;
  return undefined;
}

/** None where nobody ever migrated. */
async function countMigrations(db: Queryable): Promise<number> {
  try {
    return await readCount(db);
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === UNDEFINED_TABLE) return 0;
    throw error;
  }
}

async function readCount(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ ran: number }>({
    name: 'count-migrations',
    text: 'select count(*)::int as ran from migrations',
    values: [],
  });
  return rows[0]?.ran ?? 0;
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
