import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { canMove, DELIVERY_STATUSES, type DeliveryStatus } from '#domain';
import { openPinned, testDatabase, type TestDatabase } from '#testing';
import type { Database } from '../database.js';
import { createEmails } from '../emails/create-emails.js';
import { aCopy, anEmail } from '../testing/builders.js';
import { inVain, rowsOf } from '../testing/spec-database.js';

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

/** Which error a move meets; null: it is made. The state before is written behind the trigger's back. */
async function refusal(from: DeliveryStatus, to: DeliveryStatus): Promise<string | null> {
  const copy = aCopy();
  await createEmails(db, [anEmail({ deliveries: [copy] })]);
  return inVain(db, async (tx) => {
    await rowsOf(tx, 'alter table deliveries disable trigger deliveries_move');
    await rowsOf(tx, 'update deliveries set status = $2 where id = $1', [copy.id, from]);
    await rowsOf(tx, 'alter table deliveries enable trigger deliveries_move');
    return rowsOf(tx, 'update deliveries set status = $2 where id = $1', [copy.id, to]).then(
      () => null,
      (error: { code: string }) => error.code,
    );
  });
}

const PAIRS = DELIVERY_STATUSES.flatMap((from) => DELIVERY_STATUSES.map((to) => ({ from, to })));

describe('the database', () => {
  it('allows the moves of the state table and refuses all others', async () => {
    const found = [];
    for (const { from, to } of PAIRS) found.push({ from, to, refusal: await refusal(from, to) });
    const wanted = PAIRS.map(({ from, to }) => {
      const isAllowed = from === to || canMove(from, to);
      return { from, to, refusal: isAllowed ? null : '23514' };
    });
    expect(found).toEqual(wanted);
  });

  it('knows exactly the states of the state table', async () => {
    const [row] = await rowsOf<{ definition: string }>(
      db,
      `select pg_get_constraintdef(oid) as definition from pg_constraint where conname = 'deliveries_status'`,
    );
    const stated = [...(row?.definition ?? '').matchAll(/'([a-z]+)'/g)].map(([, status]) => status);
    expect(new Set(stated)).toEqual(new Set(DELIVERY_STATUSES));
  });
});
