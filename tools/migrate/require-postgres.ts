import { SetupError } from '#config';
import { Database, databaseProblems } from '#storage';

/** Throws a SetupError when the server does not answer or may not keep mail; the password in the URL is never shown. */
export async function requirePostgres(url: string, options: { readonly unsafe: boolean }): Promise<void> {
  const db = new Database({
    url,
    application: 'mailtide migrate',
    maxConnections: 1,
    plans: 'free',
    onIdleError: () => {},
  });
  try {
    const problems = await databaseProblems(db, options);
    if (problems.length > 0) throw new SetupError(problems.join('\n'));
  } catch (error) {
    if (error instanceof SetupError) throw error;
    const { host, pathname } = new URL(url);
    throw new SetupError(
      `DATABASE_URL: Postgres at ${host} cannot be used for database "${pathname.slice(1)}": ${reason(error)}; ${remedy(error)}`,
      { cause: error },
    );
  } finally {
    await db.stop();
  }
}

/** Codes of Postgres (appendix A): a server that answers needs no start. */
function remedy(error: unknown): string {
  const { code } = error as { readonly code?: unknown };
  if (code === '28P01' || code === '28000') return 'correct user and password in DATABASE_URL';
  if (code === '3D000') return 'create it (`create database`), or correct the name in DATABASE_URL';
  return 'start it (`npm run services -- up` for a local one), or correct DATABASE_URL, or unset it and `npm start` runs one of its own';
}

/** A name with two addresses fails with two errors, and an empty message of its own. */
function reason(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reason).join(', ');
  return error instanceof Error ? error.message : String(error);
}
