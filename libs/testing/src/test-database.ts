import { createHash, randomBytes } from 'node:crypto';
import { readEnvironment, testConfig } from '#config';
import { Database, migrationsPrint, type Queryable, runMigrations } from '#storage';

/** A migrated database that one test has for itself. */
export interface TestDatabase {
  readonly url: string;
  /** May be left out: the runner drops all databases of its run. */
  readonly drop: () => Promise<void>;
}

/** Any number that nothing else locks in the database of the run. */
const TEMPLATE_LOCK = 7_245_002;

/** A fresh database with the whole schema, copied from a template that is migrated once per run. */
export async function testDatabase(): Promise<TestDatabase> {
  const { TEST_DATABASE_URL: run } = readEnvironment(testConfig);
  const name = `${nameOf(run)}_${randomBytes(6).toString('hex')}`;
  await withDatabase(run, async (db) => {
    const template = await ensureTemplate(db, run);
    await ddl(db, `create database "${name}" template "${template}"`);
  });
  return {
    url: siblingUrl(run, name),
    drop: () => withDatabase(run, (db) => ddl(db, `drop database if exists "${name}" with (force)`)),
  };
}

/** Several files ask at once: one of them migrates, the others wait. */
async function ensureTemplate(database: Database, run: string): Promise<string> {
  const template = `${nameOf(run)}_template_${await migrationsPrint()}`;
  await database.transaction(async (tx) => {
    // The migrations may take longer than a transaction may idle.
    await tx.query({ ...statement('set local idle_in_transaction_session_timeout = 0'), values: [] });
    await tx.query({ ...statement('select pg_advisory_xact_lock($1)'), values: [TEMPLATE_LOCK] });
    const exists = statement('select from pg_database where datname = $1');
    if ((await tx.query({ ...exists, values: [template] })).rowCount === 1) return;
    // Made on another connection: a database is not created inside a transaction.
    const half = `${template}_half`;
    await ddl(database, `drop database if exists "${half}" with (force)`);
    await ddl(database, `create database "${half}"`);
    await runMigrations(siblingUrl(run, half));
    await ddl(database, `alter database "${half}" rename to "${template}"`);
  });
  return template;
}

/** Names cannot be parameters; these are of our own making. */
const ddl = async (db: Queryable, text: string): Promise<void> => {
  await db.query({ ...statement(text), values: [] });
};

const statement = (text: string) => ({ text, name: createHash('sha256').update(text).digest('hex').slice(0, 32) });

async function withDatabase<T>(url: string, work: (db: Database) => Promise<T>): Promise<T> {
  const db = new Database({
    url,
    application: 'test databases',
    maxConnections: 2,
    plans: 'free',
    onIdleError: () => {},
  });
  try {
    return await work(db);
  } finally {
    await db.stop();
  }
}

const nameOf = (url: string): string => new URL(url).pathname.slice(1);

function siblingUrl(url: string, name: string): string {
  const sibling = new URL(url);
  sibling.pathname = name;
  return sibling.href;
}
