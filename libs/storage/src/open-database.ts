import { setTimeout as pause } from 'node:timers/promises';
import { SetupError } from '#config';
import type { Logger } from '#telemetry';
import { databaseProblems, roleProblem, schemaProblem, startProblem } from './check-database.js';
import { Database, type DatabaseRole, type Plans } from './database.js';

export interface OpenOptions {
  /** Shown in pg_stat_activity. */
  readonly application: string;
  readonly maxConnections: number;
  readonly plans: Plans;
  /** As whom. An app is never the owner: what it may see is decided by the database, too. */
  readonly role: Exclude<DatabaseRole, 'owner'>;
  readonly log: Logger;
}

const PATIENCE_MS = 60_000;
const TRY_AGAIN_MS = 500;

/**
 * Opens a pool on a server that is fit to keep mail and has our schema. A server that is away is waited for: it may be restarting just now.
 * Throws a SetupError that says why a server is unfit and what mends it.
 */
export async function openDatabase(
  server: { readonly url: string; readonly unsafe: boolean },
  { log, ...options }: OpenOptions,
): Promise<Database> {
  const onIdleError = (error: Error) => log.warn({ err: error }, 'a connection to Postgres broke');
  const db = new Database({ url: server.url, ...options, onIdleError });
  const problems = await whenUp(() => unfitness(db, server.unsafe), log);
  if (problems.length > 0) {
    await db.stop();
    throw new SetupError(problems.join('\n'));
  }
  return db;
}

/** The schema is looked at only where the server itself is fit. */
async function unfitness(db: Database, unsafe: boolean): Promise<string[]> {
  try {
    const problems = await databaseProblems(db, { unsafe });
    if (problems.length > 0) return problems;
    const problem = (await schemaProblem(db)) ?? (await roleProblem(db));
    return problem === undefined ? [] : [problem];
  } catch (error) {
    const problem = startProblem(error);
    if (problem === undefined) throw error;
    return [problem];
  }
}

async function whenUp<T>(ask: () => Promise<T>, log: Logger): Promise<T> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (performance.now() > until) throw error;
      log.warn({ err: error }, 'Postgres does not answer (DATABASE_URL); trying again');
      await pause(TRY_AGAIN_MS);
    }
  }
}
