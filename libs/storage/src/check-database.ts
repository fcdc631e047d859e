import type pg from 'pg';
import { EXPECTED_MIGRATIONS } from './data-source.js';
import type { Queryable } from './database.js';

const OLDEST = 150_000;
const UNDEFINED_TABLE = '42P01';
const INSUFFICIENT_PRIVILEGE = '42501';

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

/** None where nobody ever migrated, or so long ago that our role may not even look. */
async function countMigrations(db: Queryable): Promise<number> {
  try {
    return await readCount(db);
  } catch (error) {
    const code = codeOf(error);
    if (code === UNDEFINED_TABLE || code === INSUFFICIENT_PRIVILEGE) return 0;
    throw error;
  }
}

/** Why the role that a pool acts as would undo the isolation of tenants; undefined: it does not. */
export async function roleProblem(db: Queryable): Promise<string | undefined> {
  const { rows } = await db.query<{ name: string; is_above: boolean }>({
    name: 'read-own-role',
    text: 'select rolname as name, rolsuper or rolbypassrls as is_above from pg_roles where rolname = current_user',
    values: [],
  });
  const [role] = rows;
  return role?.is_above
    ? `DATABASE_URL: the role ${role.name} is above row-level security, so tenants would not be isolated; alter role ${role.name} nosuperuser nobypassrls`
    : undefined;
}

/** Why the server does not let us act as our role; undefined: the error says something else. */
export function startProblem(error: unknown): string | undefined {
  const { code, message = '' } = (error ?? {}) as { readonly code?: unknown; readonly message?: string };
  if (/^role "mt_\w+" does not exist$/.test(message))
    return 'DATABASE_URL: the schema is not up to date; run `npm run migrate` (the roles of the apps are missing)';
  if (code === INSUFFICIENT_PRIVILEGE && message.startsWith('permission denied to set role'))
    return `DATABASE_URL: its user may not act as the roles of the apps (${message}); as the user that migrates: grant mt_api, mt_worker to …`;
  return undefined;
}

const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown } | null)?.code;

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
