import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { testDatabase } from '#testing';
import { Database } from '../database.js';
import { dumpSchema } from './dump-schema.js';

let db: Database;

beforeAll(async () => {
  const { url } = await testDatabase();
  db = new Database({ url, application: 'schema spec', maxConnections: 1, plans: 'free', onIdleError: () => {} });
});
afterAll(() => db.stop());

describe('schema.sql', () => {
  it('shows what the migrations make; when it does not, run `npm run gen:schema` and read the change', async () => {
    const golden = readFileSync(new URL('../schema.sql', import.meta.url), 'utf8');
    expect(await dumpSchema(db)).toBe(golden);
  });
});
