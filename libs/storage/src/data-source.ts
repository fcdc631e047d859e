import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { CreateCore1800000000000 } from './migrations/1800000000000-create-core.js';
import { CreateSandbox1800000001000 } from './migrations/1800000001000-create-sandbox.js';
import { CreateIdempotencyKeys1800000002000 } from './migrations/1800000002000-create-idempotency-keys.js';

const MIGRATIONS = [CreateCore1800000000000, CreateSandbox1800000001000, CreateIdempotencyKeys1800000002000];

/** TypeORM's side of the database: migrations, and later the entities of cold paths. Hot paths never come here. */
const dataSource = (url: string): DataSource =>
  new DataSource({
    type: 'postgres',
    url,
    migrations: MIGRATIONS,
    migrationsTransactionMode: 'each',
    applicationName: 'mailtide migrate',
  });

/** Brings the schema up to date; the names of the migrations that ran. Safe to run by several at once: the second finds nothing to do. */
export async function runMigrations(url: string): Promise<string[]> {
  const source = await dataSource(url).initialize();
  const runner = source.createQueryRunner();
  try {
    await runner.query('select pg_advisory_lock(7245001)'); // one migrator at a time
    const done = await source.runMigrations();
    return done.map(({ name }) => name);
  } finally {
    await runner.release();
    await source.destroy(); // ends the session, and the lock with it
  }
}

/** How many migrations the database lacks: an app is not ready before it is none. */
export const EXPECTED_MIGRATIONS = MIGRATIONS.length;
