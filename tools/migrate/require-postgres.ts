import pg from 'pg';
import { SetupError } from '#config';

const OLDEST = 150_000;
const CONNECT_MS = 5_000;

/** Throws a SetupError that says what is wrong with DATABASE_URL, never with the password in it. */
export async function requirePostgres(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS });
  const { host, port, database } = client;
  try {
    await client.connect();
  } catch (error) {
    throw new SetupError(
      `DATABASE_URL: Postgres at ${host}:${port} cannot be used for database ${String(database)}: ${reason(error)}; start it, or correct DATABASE_URL, or unset it and \`npm start\` runs one of its own`,
      { cause: error },
    );
  }
  try {
    const { rows } = await client.query<{ number: number; name: string }>(
      "select current_setting('server_version_num')::int as number, current_setting('server_version') as name",
    );
    const [version] = rows;
    if (version && version.number < OLDEST) {
      throw new SetupError(`DATABASE_URL: Postgres 15 or newer is needed, and ${host}:${port} is ${version.name}`);
    }
  } finally {
    await client.end();
  }
}

/** A name with two addresses fails with two errors, and an empty message of its own. */
function reason(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reason).join(', ');
  return error instanceof Error ? error.message : String(error);
}
