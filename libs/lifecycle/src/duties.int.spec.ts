import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ProcessId } from '#domain';
import { type Database, newId, takeDuty } from '#storage';
import { openPinned, testDatabase, type TestDatabase, uniqueName } from '#testing';
import { Duties } from './duties.js';

let database: TestDatabase;
let db: Database;
let duty: string;
let nowMs: number;
let taken: string[];

beforeAll(async () => {
  database = await testDatabase();
  db = openPinned(database.url, 4);
}, 60_000);
beforeEach(() => {
  duty = uniqueName('duty');
  nowMs = 0;
  taken = [];
});
afterAll(async () => {
  await db.stop();
  await database.drop();
});

/** A poller that looks when the spec says so, on the spec's clock. */
const aPoller = (name: string) =>
  new Duties({
    db,
    names: [duty],
    holder: newId<ProcessId>(),
    onTaken: () => taken.push(name),
    onError: (error) => {
      throw error;
    },
    monotonicMs: () => nowMs,
  });
const holders = (...pollers: readonly Duties[]) => pollers.map((poller) => poller.holds(duty));

/** Lets pollers look as they wish to, for so long. */
async function pass(ms: number, ...pollers: readonly Duties[]): Promise<void> {
  const next = new Map(pollers.map((poller) => [poller, nowMs]));
  for (const end = nowMs + ms; nowMs <= end; nowMs += 50) {
    for (const poller of pollers) {
      if (nowMs >= (next.get(poller) ?? 0)) next.set(poller, nowMs + (await poller.look()));
    }
  }
}

describe('a duty', () => {
  it('is held by one of many, whoever looks first, for as long as it lives', async () => {
    const [one, two] = [aPoller('one'), aPoller('two')];
    await pass(60_000, one, two);
    expect(holders(one, two)).toEqual([true, false]);
    expect(taken).toEqual(['one']);
  });

  it('of a holder that was killed is taken over within 6 s', async () => {
    const [one, two] = [aPoller('one'), aPoller('two')];
    await pass(2_300, one, two);
    const killedAt = nowMs;
    while (!two.holds(duty) && nowMs - killedAt < 20_000) await pass(50, two);
    expect(nowMs - killedAt).toBeLessThanOrEqual(6_000);
    expect(nowMs - killedAt).toBeGreaterThan(4_000);
  });

  it('is never held by two: a holder that froze knows before it is relieved, and learns of it when it wakes', async () => {
    const [one, two] = [aPoller('one'), aPoller('two')];
    await pass(2_000, one, two);
    for (let i = 0; i < 200; i += 1) {
      await pass(50, two);
      expect(holders(one, two)).not.toEqual([true, true]);
    }
    expect(holders(one, two)).toEqual([false, true]);
    await one.look();
    expect(holders(one, two)).toEqual([false, true]);
    await pass(20_000, one, two);
    expect(taken).toEqual(['one', 'two']);
  });

  it('that was given back is taken at the next look', async () => {
    const [one, two] = [aPoller('one'), aPoller('two')];
    await pass(2_000, one, two);
    await one.stop();
    expect(holders(one, two)).toEqual([false, false]);
    await two.look();
    expect(holders(one, two)).toEqual([false, true]);
  });

  it('is not taken by one that could not look: it may be the database that was away', async () => {
    const [one, two] = [aPoller('one'), aPoller('two')];
    await pass(2_000, one, two);
    nowMs += 60_000;
    await two.look();
    expect(two.holds(duty)).toBe(false);
    await pass(5_000, one, two);
    expect(holders(one, two)).toEqual([true, false]);
  });

  it('changes hands once, however many want it: whoever comes second saw another term', async () => {
    const first = newId<ProcessId>();
    await takeDuty(db, duty, first, undefined);
    const seen = { name: duty, holder: first, term: '1', seq: '0' };
    const terms = await Promise.all(Array.from({ length: 8 }, () => takeDuty(db, duty, newId<ProcessId>(), seen)));
    expect(terms.filter((term) => term !== undefined)).toEqual(['2']);
    expect(await takeDuty(db, duty, newId<ProcessId>(), undefined)).toBeUndefined();
  });
});
