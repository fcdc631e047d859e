import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, testDatabase, type TestDatabase, uniqueName } from '#testing';
import { Database } from './database.js';
import { openPinned, rowsOf } from './testing/spec-database.js';

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

const terminate = (application: string) =>
  rowsOf(db, 'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1', [application]);
const sessions = async (application: string) =>
  (await rowsOf(db, 'select from pg_stat_activity where application_name = $1', [application])).length;

describe('a transaction', () => {
  it('leaves nothing when its work throws, and throws that', async () => {
    await rowsOf(db, 'create table marks (n int)');
    const work = db.transaction(async (tx) => {
      await rowsOf(tx, 'insert into marks values (1)');
      throw new Error('on second thought');
    });
    await expect(work).rejects.toThrow('on second thought');
    expect(await rowsOf(db, 'select from marks')).toEqual([]);
  });

  it('is committed when its work resolves', async () => {
    await db.transaction((tx) => rowsOf(tx, 'insert into marks values (2)'));
    expect(await rowsOf(db, 'select n from marks')).toEqual([{ n: 2 }]);
  });

  it('whose connection is cut rejects; the process lives, and the pool goes on', async () => {
    const application = uniqueName('cut');
    const cut = new Database({
      url: database.url,
      application,
      maxConnections: 1,
      plans: 'free',
      onIdleError: () => undefined,
    });
    const work = cut.transaction(async (tx) => {
      await rowsOf(tx, 'select 1');
      await terminate(application);
      await eventually(async () => expect(await sessions(application)).toBe(0), 5_000);
      await rowsOf(tx, 'select 2');
    });
    await expect(work).rejects.toThrow(/terminat|connection/i);
    expect(await rowsOf(cut, 'select 3 as n')).toEqual([{ n: 3 }]);
    await cut.stop();
  });
});

describe('listening', () => {
  it('goes on after its connection was cut, with one connection and one call a notice', async () => {
    const application = uniqueName('ear');
    const ear = new Database({
      url: database.url,
      application,
      maxConnections: 1,
      plans: 'free',
      onIdleError: () => undefined,
    });
    let heard = 0;
    const stop = ear.listen('spec', () => (heard += 1));
    const isListening = () =>
      eventually(async () => {
        const before = heard;
        await rowsOf(db, `notify spec`);
        await eventually(() => expect(heard).toBeGreaterThan(before), 200);
      }, 5_000);
    await isListening();
    for (const _cut of [1, 2]) {
      await terminate(`${application} listen`);
      await eventually(async () => expect(await sessions(`${application} listen`)).toBe(0), 5_000);
      await isListening();
    }
    expect(await sessions(`${application} listen`)).toBe(1);
    const before = heard;
    for (const calls of [1, 2, 3]) {
      await rowsOf(db, `notify spec`);
      await eventually(() => expect(heard).toBe(before + calls), 1_000);
    }
    await stop();
    await eventually(async () => expect(await sessions(`${application} listen`)).toBe(0), 5_000);
    await ear.stop();
  }, 60_000);
});

describe('a pool', () => {
  it('may be stopped twice', async () => {
    const other = openPinned(database.url);
    expect(await other.isUp()).toBe(true);
    await other.stop();
    await other.stop();
    expect(await other.isUp()).toBe(false);
  });
});
