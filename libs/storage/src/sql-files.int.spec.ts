import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { openPinned, testDatabase, type TestDatabase } from '#testing';
import type { Database } from './database.js';
import { inVain } from './testing/spec-database.js';

const HERE = new URL('.', import.meta.url);
/** A dump, no statement. */
const NO_STATEMENTS = ['schema.sql'];
const files = readdirSync(HERE, { recursive: true, encoding: 'utf8' }).filter(
  (path) => path.endsWith('.sql') && !NO_STATEMENTS.includes(path),
);

let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await testDatabase();
  db = openPinned(database.url);
}, 60_000);

afterAll(async () => {
  await db.stop();
  await database.drop();
});

it.each(files)('%s is understood by the migrated schema', async (path) => {
  const text = readFileSync(new URL(path, HERE), 'utf8');
  const prepare = { name: '', text: `prepare "${path}" as ${text}`, values: [] };
  await expect(inVain(db, (tx) => tx.query(prepare))).resolves.toMatchObject({ command: 'PREPARE' });
});

/** Migrated databases have the roles; which app acts as which is known where it opens its pool. */
it.each(files)('%s may be run by a role of the apps', async (path) => {
  const text = readFileSync(new URL(path, HERE), 'utf8');
  const explain = { name: '', text: `explain (generic_plan) ${text}`, values: [] };
  const refusals = await Promise.all(
    ['mt_api', 'mt_worker'].map((role) =>
      inVain(db, async (tx) => {
        await tx.query({ name: '', text: `set local role ${role}`, values: [] });
        await tx.query(explain);
      }).then(
        () => [],
        (error: Error) => [`${role}: ${error.message}`],
      ),
    ),
  );
  expect(refusals.some((refusal) => refusal.length === 0) || refusals).toBe(true);
});

it.each(files)('%s says in its first line what it does and what a missing row means', (path) => {
  expect(readFileSync(new URL(path, HERE), 'utf8')).toMatch(/^-- .*\n/);
});
