import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { DataSource, type QueryRunner } from 'typeorm';
import { SetupError } from '#config';
import { CreateCore1800000000000 } from './migrations/1800000000000-create-core.js';
import { CreateSandbox1800000001000 } from './migrations/1800000001000-create-sandbox.js';
import { CreateIdempotencyKeys1800000002000 } from './migrations/1800000002000-create-idempotency-keys.js';
import { CompleteEmails1800000003000 } from './migrations/1800000003000-complete-emails.js';
import { CreateJobs1800000004000 } from './migrations/1800000004000-create-jobs.js';
import { CreateSuppressions1800000005000 } from './migrations/1800000005000-create-suppressions.js';
import { CreateDeadLetters1800000006000 } from './migrations/1800000006000-create-dead-letters.js';
import { CreateSettings1800000007000 } from './migrations/1800000007000-create-settings.js';
import { CreateDuties1800000008000 } from './migrations/1800000008000-create-duties.js';
import { CreateTickets1800000009000 } from './migrations/1800000009000-create-tickets.js';
import { ListEvents1800000010000 } from './migrations/1800000010000-list-events.js';
import { IsolateTenants1800000011000 } from './migrations/1800000011000-isolate-tenants.js';
import { CountQueue1800000012000 } from './migrations/1800000012000-count-queue.js';
import { IndexDue1800000013000 } from './migrations/1800000013000-index-due.js';
import { NoteProgress1800000014000 } from './migrations/1800000014000-note-progress.js';
import { CreateCampaigns1800000015000 } from './migrations/1800000015000-create-campaigns.js';
import { CreateLimits1800000016000 } from './migrations/1800000016000-create-limits.js';
import { FollowCampaignJobs1800000018000 } from './migrations/1800000018000-follow-campaign-jobs.js';
import { RepeatCampaigns1800000019000 } from './migrations/1800000019000-repeat-campaigns.js';
import { FollowZones1800000020000 } from './migrations/1800000020000-follow-zones.js';
import { FindEmailsByStatus1800000021000 } from './migrations/1800000021000-find-emails-by-status.js';
import { CountPastUse1800000021500 } from './migrations/1800000021500-count-past-use.js';
import { FreeDeferred1800000021600 } from './migrations/1800000021600-free-deferred.js';
import { KnowWhoTakes1800000021700 } from './migrations/1800000021700-know-who-takes.js';

const MIGRATIONS = [
  CreateCore1800000000000,
  CreateSandbox1800000001000,
  CreateIdempotencyKeys1800000002000,
  CompleteEmails1800000003000,
  CreateJobs1800000004000,
  CreateSuppressions1800000005000,
  CreateDeadLetters1800000006000,
  CreateSettings1800000007000,
  CreateDuties1800000008000,
  CreateTickets1800000009000,
  ListEvents1800000010000,
  IsolateTenants1800000011000,
  CountQueue1800000012000,
  IndexDue1800000013000,
  NoteProgress1800000014000,
  CreateCampaigns1800000015000,
  CreateLimits1800000016000,
  FollowCampaignJobs1800000018000,
  RepeatCampaigns1800000019000,
  FollowZones1800000020000,
  FindEmailsByStatus1800000021000,
  CountPastUse1800000021500,
  FreeDeferred1800000021600,
  KnowWhoTakes1800000021700,
];

const INSUFFICIENT_PRIVILEGE = '42501';

/** TypeORM's side of the database: migrations, and later the entities of cold paths. Hot paths never come here. */
const dataSource = (url: string): DataSource =>
  new DataSource({
    type: 'postgres',
    url,
    migrations: MIGRATIONS,
    migrationsTransactionMode: 'each',
    applicationName: 'mailtide migrate',
  });

/**
 * Brings the schema up to date; the names of the migrations that ran. Safe to run by several at once: the second finds
 * nothing to do. Throws a SetupError where the user of the url may not do what the schema needs.
 */
export async function runMigrations(url: string): Promise<string[]> {
  const source = await dataSource(url).initialize();
  const runner = source.createQueryRunner();
  try {
    await runner.query('select pg_advisory_lock(7245001)'); // one migrator at a time
    const done = await source.runMigrations();
    return done.map(({ name }) => name);
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== INSUFFICIENT_PRIVILEGE) throw error;
    throw new SetupError(`DATABASE_URL: the schema cannot be made: ${(error as Error).message}`, { cause: error });
  } finally {
    await runner.release();
    await source.destroy(); // ends the session, and the lock with it
  }
}

/** Changes with every statement of the migrations: a database made by other ones has another schema. For copies that tests make. */
export async function migrationsPrint(): Promise<string> {
  const hash = createHash('sha256');
  const runner = { query: async (statement: string) => void hash.update(statement) } as unknown as QueryRunner;
  for (const Migration of MIGRATIONS) await new Migration().up(runner);
  return hash.digest('hex').slice(0, 8);
}

/** How many migrations the database lacks: an app is not ready before it is none. */
export const EXPECTED_MIGRATIONS = MIGRATIONS.length;
