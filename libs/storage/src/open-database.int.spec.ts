import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SetupError } from '#config';
import { createLog } from '#telemetry';
import { openPinned, testDatabase, type TestDatabase, uniqueName } from '#testing';
import { roleProblem } from './check-database.js';
import { openDatabase } from './open-database.js';
import { rowsOf } from './testing/spec-database.js';

const log = createLog({ app: 'spec', level: 'silent', pretty: false });
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
}, 60_000);
afterAll(() => database.drop());

const open = (url = database.url) =>
  openDatabase({ url, unsafe: true }, { application: 'spec', maxConnections: 1, plans: 'free', role: 'mt_api', log });

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

  it('but not for a user who may not act as the role of the app', async () => {
    const user = uniqueName('mailtide_spec').replaceAll('-', '_');
    await change(`create role ${user} login password 'spec'`);
    const url = new URL(database.url);
    url.username = user;
    url.password = 'spec';
    await expect(open(url.href)).rejects.toThrow('DATABASE_URL: its user may not act as the roles of the apps');
    await change(`drop role ${user}`);
  });

  it('nor as a role that is above row-level security', async () => {
    const db = openPinned(database.url, 1); // the user of the specs is a superuser
    expect(await roleProblem(db)).toMatch(/^DATABASE_URL: the role \w+ is above row-level security/);
    await db.stop();
  });

  it('nor with a newer schema', async () => {
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
