import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ProcessId } from '#domain';
import { openPinned, testDatabase, type TestDatabase } from '#testing';
import type { Database } from '../database.js';
import { endProcess, registerProcess } from '../processes/processes.js';
import { newId } from '../new-id.js';
import { rowsOf } from '../testing/spec-database.js';
import { ConsumerProgressNotes } from './consumer-progress.js';

let database: TestDatabase;
let db: Database;
let process: ProcessId;

beforeAll(async () => {
  database = await testDatabase();
  db = openPinned(database.url);
}, 60_000);
beforeEach(async () => {
  await rowsOf(db, 'truncate consumer_progress, processes');
  process = await registerProcess(db, { app: 'sender', instance: 'one', exclusive: false });
});
afterAll(async () => {
  await db.stop();
  await database.drop();
});

const place = { group: 'g', topic: 't', partition: 3 };
const note = { first: 9_007_199_254_740_993n, last: 9_007_199_254_740_995n, tries: 2 };
const other = () => new ConsumerProgressNotes(db, newId<ProcessId>());

describe('what a process has in hand', () => {
  it('is not left behind while it lives', async () => {
    await new ConsumerProgressNotes(db, process).note(place, note);
    expect(await other().left(place)).toBeUndefined();
  });

  it.each([
    ['is silent', () => rowsOf(db, `update processes set beat_at = clock_now() - interval '6 seconds'`)],
    ['is known to have ended', () => endProcess(db, process)],
    ['is long forgotten', () => rowsOf(db, 'truncate processes')],
  ])('is found once it %s', async (_how, end) => {
    await new ConsumerProgressNotes(db, process).note(place, note);
    await end();
    expect(await other().left(place)).toEqual(note);
    expect(await other().left({ ...place, partition: 4 })).toBeUndefined();
  });

  it('replaces what was noted there before', async () => {
    await other().note(place, { first: 1n, last: 2n, tries: 0 });
    await other().note(place, note);
    expect(await other().left(place)).toEqual(note);
  });

  it('is forgotten by itself only', async () => {
    const owner = other();
    await owner.note(place, note);
    await other().forget(place);
    expect(await other().left(place)).toEqual(note);
    await owner.forget(place);
    expect(await other().left(place)).toBeUndefined();
  });
});
