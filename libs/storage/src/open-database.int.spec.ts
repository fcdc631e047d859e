import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SetupError } from '#config';
import { createLog } from '#telemetry';
import { testDatabase, type TestDatabase } from '#testing';
import { openDatabase } from './open-database.js';
import { openPinned, rowsOf } from './testing/spec-database.js';

const log = createLog({ app: 'spec', level: 'silent', pretty: false });
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
}, 30_000);
afterAll(() => database.drop());

const open = () =>
  openDatabase({ url: database.url, unsafe: true }, { application: 'spec', maxConnections: 1, plans: 'free', log });

async function change(text: string): Promise<void> {
  const db = openPinned(database.url, 1);
  await rowsOf(db, text);
  await db.stop();
}

describe('a database is opened', () => {
  it('with the schema of this release', async () => {
    const db = await open();
    expect(await db.isUp()).toBe(true);
    await db.stop();
  });

  it('but not with a newer one', async () => {
    await change(`insert into migrations (timestamp, name) values (9000000000000, 'Later9000000000000')`);
    await expect(open()).rejects.toThrow('DATABASE_URL: the schema is newer than this release');
  });

  it.each([
    ['an older one', `delete from migrations where timestamp > 1800000000000`],
    ['none at all', 'drop table migrations'],
  ])('nor with %s', async (_what, text) => {
    await change(text);
    const opening = open();
    await expect(opening).rejects.toThrow(SetupError);
    await expect(opening).rejects.toThrow('DATABASE_URL: the schema is not up to date; run `npm run migrate`');
  });
});
