import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, openPinned, testDatabase, type TestDatabase, uniqueName } from '#testing';
import type { TenantId } from '#domain';
import { Database, type Queryable } from './database.js';
import { newId } from './new-id.js';
import { rowsOf } from './testing/spec-database.js';

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

describe('a use case', () => {
  const touch = (tx: Queryable, n: number) => rowsOf(tx, 'update turns set n = n where n = $1 returning n', [n]);

  /** Two that take the same two rows, each the other's second one first. */
  async function crossed(fails: (attempt: number) => boolean): Promise<{ attempts: number; ends: string[] }> {
    let attempts = 0;
    let held = 0;
    const takes = (mine: number, other: number) =>
      db.of(newId<TenantId>()).transaction(async (tx) => {
        attempts += 1;
        if (fails(attempts)) throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
        await touch(tx, mine);
        held += 1;
        await eventually(() => expect(held).toBeGreaterThan(1), 5_000);
        await touch(tx, other);
      });
    const ends = await Promise.allSettled([takes(0, 1), takes(1, 0)]);
    return { attempts, ends: ends.map(({ status }) => status) };
  }

  it('that the server ends because of a deadlock is done once more, and no more than that', async () => {
    await rowsOf(db, 'create table turns (n int primary key)');
    await rowsOf(db, 'insert into turns values (0), (1)');
    expect(await crossed(() => false)).toEqual({ attempts: 3, ends: ['fulfilled', 'fulfilled'] });
    expect(await crossed(() => true)).toEqual({ attempts: 4, ends: ['rejected', 'rejected'] });
  });

  it('that fails of itself is not done again', async () => {
    let attempts = 0;
    const work = db.of(newId<TenantId>()).transaction(async (tx) => {
      attempts += 1;
      await rowsOf(tx, 'select 1 / 0');
    });
    await expect(work).rejects.toThrow('division by zero');
    expect(attempts).toBe(1);
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
