import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Database, listProcesses, type ProcessRow } from '#storage';
import { eventually, openFree, openPinned, testDatabase, type TestDatabase } from '#testing';
import { Presence, type PresenceOptions } from './presence.js';

let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await testDatabase();
  db = openPinned(database.url, 4);
}, 60_000);

afterAll(async () => {
  await db.stop();
  await database.drop();
});

const enter = (wish: Partial<PresenceOptions> = {}) =>
  Presence.enter({ db, app: 'sender', instance: 's-0', exclusive: false, onError: () => undefined, ...wish });

const seen = async (presence: Presence): Promise<ProcessRow> => {
  const row = (await listProcesses(db, 'sender')).find(({ id }) => id === presence.id);
  if (!row) throw new Error('the process is not listed');
  return row;
};

describe('a process', () => {
  it('is seen by the others while it lives: its beat rises', async () => {
    const presence = await enter();
    const first = await seen(presence);
    expect(first).toMatchObject({ app: 'sender', instance: 's-0', ended: false });
    await eventually(
      async () => expect(Number((await seen(presence)).beat)).toBeGreaterThan(Number(first.beat)),
      5_000,
    );
    await presence.leave();
    expect((await seen(presence)).ended).toBe(true);
  });

  it('has an id of its own for every run, and an earlier run of its name is not dead for that', async () => {
    const [one, two] = [await enter(), await enter()];
    expect(one.id).not.toBe(two.id);
    expect((await seen(one)).ended).toBe(false);
    await Promise.all([one.leave(), two.leave()]);
  });

  it('under an exclusive name proves its earlier runs dead, and nobody else', async () => {
    const [earlier, other] = [await enter({ instance: 'only' }), await enter({ instance: 'another' })];
    const now = await enter({ instance: 'only', exclusive: true });
    expect([await seen(earlier), await seen(other), await seen(now)].map(({ ended }) => ended)).toEqual([
      true,
      false,
      false,
    ]);
    await Promise.all([earlier, other, now].map((presence) => presence.leave()));
  });

  it('that cannot say goodbye leaves all the same', async () => {
    const errors: unknown[] = [];
    const own = openFree(database.url, 1);
    const presence = await enter({ db: own, onError: (error) => errors.push(error) });
    await own.stop();
    await presence.leave();
    expect(errors.length).toBeGreaterThan(0);
    expect((await seen(presence)).ended).toBe(false);
  });
});
