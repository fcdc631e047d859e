import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deliverySentV1 } from '#events';
import type { DeliveryId, EmailId } from '#domain';
import { eventually, openPinned, testDatabase, type TestDatabase } from '#testing';
import type { Database, Queryable } from '../database.js';
import { newId } from '../new-id.js';
import { anEmail, anEvent, aTenant } from '../testing/builders.js';
import { createEmails } from '../emails/create-emails.js';
import type { NewEmail } from '../emails/new-email.js';
import { openTransaction, rowsOf } from '../testing/spec-database.js';
import { appendOutbox } from './append-outbox.js';
import { advanceCursor, nextWindow, type OutboxRow, readCursor, readWindow } from './read-window.js';

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

const emailId = newId<EmailId>();
const tenantId = aTenant();
const tell = (tx: Queryable, version = 1) =>
  appendOutbox(tx, [anEvent(deliverySentV1, { tenantId, emailId, version })]);

/** Reads windows to their ends until so many rows have come. Other databases of the server hold the horizon back, too. */
async function read(count: number, page = 1_000): Promise<OutboxRow[]> {
  const rows: OutboxRow[] = [];
  await eventually(async () => {
    let at = (await nextWindow(db, await readCursor(db))).cursor;
    for (;;) {
      const more = await readWindow(db, at, page);
      const last = more.at(-1);
      if (!last) break;
      rows.push(...more);
      at = (await advanceCursor(db, at, last.id)) ?? at;
    }
    if (rows.length < count) throw new Error(`${rows.length} of ${count} rows came`);
  }, 8_000);
  return rows;
}

const versionsOf = async (rows: readonly OutboxRow[]): Promise<number[]> => {
  const ids = rows.map(({ id }) => id);
  const text = 'select version from outbox where id = any ($1::bigint[]) order by array_position($1::bigint[], id)';
  return (await rowsOf<{ version: number }>(db, text, [ids])).map(({ version }) => version);
};

/** A change of a delivery, told. */
async function change(tx: Queryable, email: NewEmail): Promise<void> {
  const [row] = await rowsOf<{ id: DeliveryId; version: number }>(
    tx,
    'update deliveries set version = version + 1 where email_id = $1 returning id, version',
    [email.id],
  );
  if (!row) throw new Error('there is no delivery');
  await appendOutbox(tx, [
    anEvent(deliverySentV1, { tenantId, emailId: email.id, deliveryId: row.id, version: row.version }),
  ]);
}

const takeXid = (tx: Queryable) => rowsOf(tx, 'select pg_current_xact_id()');

describe('a window of the outbox', () => {
  it('holds what committed, each row once, in the order of ids, page by page', async () => {
    for (const version of [1, 2, 3, 4, 5]) await tell(db, version);
    const rows = await read(5, 2);
    expect(await versionsOf(rows)).toEqual([1, 2, 3, 4, 5]);
    expect(rows[0]).toMatchObject({ type: 'delivery.sent', topic: 'email.status.v1' });
    expect(JSON.parse(rows[0]?.data ?? '')).toEqual({ at: rows[0]?.time });
    expect((await nextWindow(db, await readCursor(db))).opened).toBe(false);
  });

  it('waits for a transaction that is still open, and then holds its rows: a late commit is never skipped', async () => {
    const { tx, commit } = await openTransaction(db);
    await tell(tx, 41);
    await tell(db, 42);
    expect((await nextWindow(db, await readCursor(db))).opened).toBe(false);
    await commit();
    expect(new Set(await versionsOf(await read(2)))).toEqual(new Set([41, 42]));
  });

  it('keeps the versions of a delivery in order although the later one has the lower transaction id', async () => {
    const email = anEmail({ tenantId });
    await createEmails(db, [email]);
    await read(1);
    const early = await openTransaction(db);
    await takeXid(early.tx); // the lower id
    for (let other = 0; other < 5; other += 1) await tell(db, 0);
    await db.transaction((tx) => change(tx, email)); // the higher one is first at the row
    await change(early.tx, email);
    await early.commit();
    expect((await versionsOf(await read(7, 1))).filter((version) => version > 0)).toEqual([2, 3]);
  });

  it('keeps them in order although a third transaction is open whose id lies between theirs', async () => {
    const email = anEmail({ tenantId });
    await createEmails(db, [email]);
    await read(1);
    const early = await openTransaction(db);
    await takeXid(early.tx);
    const between = await openTransaction(db);
    await takeXid(between.tx);
    await db.transaction((tx) => change(tx, email));
    await change(early.tx, email);
    await early.commit();
    expect((await nextWindow(db, await readCursor(db))).opened).toBe(false);
    await between.commit();
    expect(await versionsOf(await read(2))).toEqual([2, 3]);
  });

  it('belongs to the relay that was faster; the other learns where it is', async () => {
    await tell(db);
    const cursor = await readCursor(db);
    await eventually(async () => expect((await nextWindow(db, cursor)).opened).toBe(true), 8_000);
    const late = await nextWindow(db, cursor);
    expect(late.opened).toBe(false);
    expect(late.cursor).toEqual(await readCursor(db));
    expect(await advanceCursor(db, cursor, '1')).toBeUndefined();
  });
});
