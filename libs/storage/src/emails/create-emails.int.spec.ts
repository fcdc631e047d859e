import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '#testing';
import type { Database } from '../database.js';
import { aCopy, anEmail, dueRows, stored } from '../testing/builders.js';
import { openPinned, rowsOf } from '../testing/spec-database.js';
import { createEmails } from './create-emails.js';

let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await testDatabase();
  db = openPinned(database.url);
}, 30_000);

afterAll(async () => {
  await db.stop();
  await database.drop();
});

describe('creating emails', () => {
  it('stores each with its copies, their places in the queue and its event, in one statement', async () => {
    const later = new Date('2040-01-01T00:00:00.123Z');
    const copies = [aCopy(), aCopy()];
    const email = anEmail({ scheduledAt: later, deliveries: copies });
    const [created] = await createEmails(db, [email]);
    expect(created).toMatchObject({ scheduledMs: later.getTime() });
    for (const { id } of copies) {
      expect(await stored(db, id)).toMatchObject({
        status: 'scheduled',
        epoch: 0,
        version: 1,
        attempt: 0,
        due_at: later,
        eligible_at: later,
      });
      expect(await dueRows(db, id)).toBe(1);
    }
    expect(await rowsOf(db, 'select type, data, version from outbox where email_id = $1', [email.id])).toMatchObject([
      { type: 'email.created', version: 1, data: { scheduledAt: '2040-01-01T00:00:00.123Z' } },
    ]);
  });

  it('answers in the order given', async () => {
    const emails = [2, 0, 1].map((n) => anEmail({ scheduledAt: new Date(2_000_000_000_000 + n) }));
    const created = await createEmails(db, emails.toReversed());
    expect(created).toMatchObject([1, 0, 2].map((n) => ({ kind: 'created', scheduledMs: 2_000_000_000_000 + n })));
  });

  it('is due now, by the clock of the database, where no time is given', async () => {
    const [created] = await createEmails(db, [anEmail()]);
    expect(created?.kind === 'created' && created.scheduledMs - created.createdMs).toBe(0);
  });

  it('stores nothing of a batch that holds an id for the second time', async () => {
    const first = anEmail();
    await createEmails(db, [first]);
    const other = anEmail();
    await expect(createEmails(db, [other, first])).rejects.toMatchObject({ code: '23505' });
    expect(await rowsOf(db, 'select from emails where id = $1', [other.id])).toEqual([]);
    expect(await rowsOf(db, 'select from outbox where email_id = $1', [other.id])).toEqual([]);
  });
});
