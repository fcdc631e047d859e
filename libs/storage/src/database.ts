import pg from 'pg';
import type { TenantId } from '#domain';
import type { Statement } from './sql-file.js';

/** Anything that a statement can be sent to: a pool (alone, auto-committed) or the client of a transaction. */
export interface Queryable {
  query: <Row extends pg.QueryResultRow>(query: Statement & { values: unknown[] }) => Promise<pg.QueryResult<Row>>;
}

/**
 * As whom a pool acts (decision 10). `mt_api` sees the rows of the tenants that its transaction names (`of`), `mt_worker`
 * those of all, in the tables of the hot path; `owner` is who the url says: for migrations, tools and specs.
 */
export type DatabaseRole = 'mt_api' | 'mt_worker' | 'owner';

/** What can run several statements in one transaction. */
export type Transactional = Queryable & Pick<Database, 'transaction'>;

/** Which planner a pool gets: `pinned` for the statements of the hot path, `free` for everything else. */
export type Plans = 'pinned' | 'free';

export interface DatabaseOptions {
  readonly url: string;
  /** Shown in pg_stat_activity. */
  readonly application: string;
  readonly maxConnections: number;
  readonly plans: Plans;
  /** Default: `owner`. */
  readonly role?: DatabaseRole;
  /** Told of connections that broke while idle; the pool opens new ones by itself. */
  readonly onIdleError: (error: Error) => void;
}

/**
 * A queue is empty when it is analysed and full when it is used, so the planner's guesses go wrong by 15 to 60 times
 * (measured). With these the hot statements walk their indexes and nothing else, and they join in the order in which they are
 * written: to begin with emails, because they are few, reads a million copies of each.
 */
const PINNED_PLANS = [
  'plan_cache_mode=force_custom_plan',
  'enable_seqscan=off',
  'enable_bitmapscan=off',
  'enable_sort=off',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
  'join_collapse_limit=1',
  'jit=off',
];
/** synchronous_commit: a status lost after the dot is a mail sent twice. The rest: nothing of ours may stall the relay's horizon. */
const ALWAYS = ['synchronous_commit=on', 'statement_timeout=30s', 'idle_in_transaction_session_timeout=5s'];

const CONNECT_TIMEOUT_MS = 2_000;

/** A pool of connections to Postgres. */
export class Database implements Queryable {
  private readonly pool: pg.Pool;

  constructor(options: DatabaseOptions) {
    const { plans, role = 'owner' } = options;
    const settings = [
      ...ALWAYS,
      ...(plans === 'pinned' ? PINNED_PLANS : []),
      ...(role === 'owner' ? [] : [`role=${role}`]),
    ];
    this.pool = new pg.Pool({
      connectionString: options.url,
      application_name: options.application,
      max: options.maxConnections,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      options: settings.map((setting) => `-c ${setting}`).join(' '),
    });
    this.pool.on('error', options.onIdleError);
  }

  query<Row extends pg.QueryResultRow>(query: Statement & { values: unknown[] }): Promise<pg.QueryResult<Row>> {
    return this.pool.query<Row>(query);
  }

  /** Whether the server answers now. For readiness: it never throws. */
  async isUp(): Promise<boolean> {
    try {
      await this.pool.query('select 1');
      return true;
    } catch {
      return false;
    }
  }

  /**
   * The same for some tenants only: rows of all others do not exist there, whatever a statement asks for.
   * Several at once for statements that carry the work of several callers.
   */
  of(...tenants: readonly TenantId[]): TenantDatabase {
    return new TenantDatabase(this, [...new Set(tenants)]);
  }

  /** Runs `work` in one transaction: committed when it resolves, rolled back when it throws. */
  async transaction<T>(work: (tx: Queryable) => Promise<T>, begin = 'begin'): Promise<T> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    // The pool does not listen while the connection is ours, and an error that nobody hears ends the process.
    const onError = (error: Error) => (broken = error);
    client.on('error', onError);
    try {
      await client.query(begin);
      const result = await work(client);
      await client.query('commit');
      return result;
    } catch (error) {
      await client.query('rollback').catch((cause: Error) => (broken = cause));
      throw error;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }

  /** Calls back on every NOTIFY of the channel until the returned function is called; reconnects by itself. */
  listen(channel: string, onNotice: () => void): () => Promise<void> {
    return listen(this.pool, channel, onNotice);
  }

  async stop(): Promise<void> {
    if (!this.pool.ended) await this.pool.end();
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The database as some tenants may see it: every statement in a transaction that begins by saying whose it is. */
export class TenantDatabase implements Queryable {
  private readonly begin: string;

  constructor(
    private readonly db: Pick<Database, 'transaction'>,
    tenants: readonly TenantId[],
  ) {
    const bad = tenants.find((tenant) => !UUID.test(tenant)); // it goes into the text: `set` takes no parameters
    if (bad !== undefined) throw new Error(`a tenant id is no uuid: ${bad}`);
    // One message to the server, so that it costs one way there and back.
    this.begin = `begin; set local app.tenants = '{${tenants.join(',')}}'`;
  }

  query<Row extends pg.QueryResultRow>(query: Statement & { values: unknown[] }): Promise<pg.QueryResult<Row>> {
    return this.transaction((tx) => tx.query<Row>(query));
  }

  /**
   * A whole use case: done once more where the server ended it because of a deadlock, as everything that it did is rolled back
   * then. So `work` does nothing but its statements. (What uses `Database` itself is repeated by its next pass.)
   */
  async transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    try {
      return await this.db.transaction(work, this.begin);
    } catch (error) {
      if (!isCollision(error)) throw error;
      return this.db.transaction(work, this.begin);
    }
  }
}

/** Two transactions were in each other's way, and this one gave way: deadlock_detected, serialization_failure. */
function isCollision(error: unknown): boolean {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return code === '40P01' || code === '40001';
}

const ignore = (): void => undefined;

const RECONNECT_MS = 1_000;

function listen(pool: pg.Pool, channel: string, onNotice: () => void): () => Promise<void> {
  let stopped = false;
  let client: pg.Client | undefined;
  let again: NodeJS.Timeout | undefined;
  const connect = async () => {
    const next = new pg.Client({ ...pool.options, application_name: `${pool.options.application_name ?? ''} listen` });
    const retry = () => {
      next.removeAllListeners('notification');
      if (stopped || client !== next) return; // `error` and `end` tell of one loss, both
      client = undefined;
      again = setTimeout(() => void connect(), RECONNECT_MS);
    };
    client = next;
    next.on('error', retry);
    next.on('end', retry);
    next.on('notification', onNotice);
    // What is missed while away is found by the next poll: a notice only ever saves time.
    try {
      await next.connect();
      await next.query(`listen ${pg.escapeIdentifier(channel)}`);
    } catch {
      retry();
    }
    if (stopped || client !== next) await next.end().catch(ignore);
  };
  void connect();
  return async () => {
    stopped = true;
    clearTimeout(again);
    await client?.end().catch(ignore);
  };
}
