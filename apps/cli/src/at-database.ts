import { cliConfig, readEnvironment, SetupError } from '#config';
import { Database } from '#storage';

/** Does what no key may ask for at the database itself. Throws a SetupError without DATABASE_URL. */
export async function atDatabase<Result>(work: (db: Database) => Promise<Result>): Promise<Result> {
  const { DATABASE_URL: url } = readEnvironment(cliConfig);
  if (url === undefined)
    throw new SetupError(
      'DATABASE_URL: is required, for example postgres://mailtide:mailtide@localhost:15432/mailtide (that of a local npm start)',
    );
  const db = new Database({
    url,
    application: 'mailtide cli',
    maxConnections: 1,
    plans: 'free',
    onIdleError: () => undefined,
  });
  try {
    return await work(db);
  } finally {
    await db.stop();
  }
}
