import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DeliveryId } from '#domain';
import { emailStatusTopic } from '#events';
import { openPinned, testDatabase, type TestDatabase } from '#testing';
import type { Database } from '../database.js';
import { aCopy, anArm, anEmail, aProcess, claimed, dueRows, stored } from '../testing/builders.js';
import { openTransaction, rowsOf } from '../testing/spec-database.js';
import { arm } from '../deliveries/arm.js';
import { cancelOpenCopies } from './cancel-open-copies.js';
import { addCopies, cancelCopies, removeCopies, requeueCopies } from './change-copies.js';
import { lockCopies } from './lock-emails.js';
import { createEmails } from './create-emails.js';
import type { NewEmail } from './new-email.js';

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

const lane = 'transactional';
const mode = 'test';
const idsOf = (email: NewEmail) => email.deliveries.map(({ id }) => id);
const lock = (tx: Parameters<typeof lockCopies>[0], email: NewEmail) => lockCopies(tx, email.tenantId, mode, email.id);

/** Waits until a statement of another connection waits for a lock: the race is on. */
async function somebodyWaits(): Promise<void> {
  const rows = await rowsOf(
    db,
    `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  if (rows.length === 0) return somebodyWaits();
}

describe('copies that a change locks', () => {
  it('are those of this tenant and mode only, in one order', async () => {
    const email = anEmail({ deliveries: [aCopy(), aCopy(), aCopy()].toReversed() });
    await createEmails(db, [email]);
    await db.transaction(async (tx) => {
      expect((await lock(tx, email)).map(({ id }) => id)).toEqual(idsOf(email).toSorted());
      expect(await lockCopies(tx, email.tenantId, 'live', email.id)).toEqual([]);
      expect(await lockCopies(tx, anEmail().tenantId, mode, email.id)).toEqual([]);
    });
  });

  it('include those that the edit before has added while the change waited', async () => {
    const email = anEmail();
    await createEmails(db, [email]);
    const { tx, commit } = await openTransaction(db);
    await lock(tx, email);
    const second = db.transaction(async (other) => (await lock(other, email)).map(({ id }) => id));
    await somebodyWaits();
    await removeCopies(tx, email.tenantId, idsOf(email));
    const added = aCopy();
    await addCopies(tx, { tenantId: email.tenantId, id: email.id, lane, mode }, [added], new Date());
    await commit();
    expect(await second).toEqual([added.id]);
  });
});

describe('a cancel', () => {
  it('takes open copies out of the queue under a new epoch, and tells it once for each and for the email', async () => {
    const email = anEmail({ deliveries: [aCopy(), aCopy()] });
    const [first, second] = await claimed(db, [email]);
    if (!first || !second) throw new Error('nothing was claimed');
    await arm(db, [anArm(second)], aProcess());
    const of = {
      tenantId: email.tenantId,
      mode,
      emailId: email.id,
      ownerId: null,
      jobId: null,
      source: 'spec',
      actor: 'key_1',
    } as const;

    const caught = await db.transaction(async (tx) =>
      cancelOpenCopies(tx, [{ of, copies: await lock(tx, email) }], 'cancelled_by_user'),
    );

    expect(caught).toEqual([{ cancelled: 1, alreadySent: 0, inFlight: 1, final: false }]);
    expect(await stored(db, first.id)).toMatchObject({
      status: 'cancelled',
      epoch: 2,
      version: 2,
      reason: 'cancelled_by_user',
    });
    expect(await stored(db, second.id)).toMatchObject({ status: 'sending', epoch: 1, version: 1 });
    const told = await rowsOf(db, 'select type, version, delivery_id from outbox where email_id = $1 order by id', [
      email.id,
    ]);
    expect(told).toEqual([
      { type: 'email.created', version: 1, delivery_id: null },
      { type: 'delivery.cancelled', version: 2, delivery_id: first.id },
      { type: 'email.cancelled', version: 2, delivery_id: null },
    ]);
    expect(emailStatusTopic.name).toBe('email.status.v1');
  });

  it('changes nothing of a copy that is armed, nor of one that has ended', async () => {
    const email = anEmail();
    const [claim] = await claimed(db, [email]);
    if (!claim) throw new Error('nothing was claimed');
    await arm(db, [anArm(claim)], aProcess());
    expect(await cancelCopies(db, email.tenantId, [claim.id], 'cancelled_by_user')).toEqual([]);
    expect(await stored(db, claim.id)).toMatchObject({ status: 'sending', epoch: 1 });
  });
});

describe('an edit of the time', () => {
  it('moves the row in the queue, whether it was claimed or not', async () => {
    const email = anEmail();
    const [claim] = await claimed(db, [email]);
    if (!claim) throw new Error('nothing was claimed');
    for (const at of [new Date('2040-01-01T00:00:00Z'), new Date('2041-01-01T00:00:00Z')]) {
      await db.transaction(async (tx) => {
        await lock(tx, email);
        await requeueCopies(tx, email.tenantId, [claim.id], at);
      });
      expect((await stored(db, claim.id)).due_at).toEqual(at);
      expect(await rowsOf(db, 'select due_at from due where id = $1', [claim.id])).toEqual([{ due_at: at }]);
    }
    expect(await stored(db, claim.id)).toMatchObject({ status: 'scheduled', epoch: 3, version: 3, grant_until: null });
  });

  it('or a pause gives what was never tried all its time again, and what was tried no more', async () => {
    const [fresh, tried] = [anEmail(), anEmail()];
    const claims = await claimed(db, [fresh, tried]);
    const ids = claims.map(({ id }) => id);
    await rowsOf(db, 'update deliveries set attempt = 1 where email_id = $1 returning id', [tried.id]);
    for (const email of [fresh, tried]) await requeueCopies(db, email.tenantId, idsOf(email), null);
    const query =
      'select attempt, first_claimed_at is null as anew from deliveries where id = any ($1) order by attempt';
    expect(await rowsOf(db, query, [ids])).toEqual([
      { attempt: 0, anew: true },
      { attempt: 1, anew: false },
    ]);
  });

  it('or a pause leaves no reason on what was claimed: it waited for that before', async () => {
    const [held, taken] = [anEmail({ scheduledAt: new Date('2040-01-01T00:00:00Z') }), anEmail()];
    await createEmails(db, [held]);
    await claimed(db, [taken]);
    const query = `update deliveries set reason = 'limit' where email_id = any ($1) returning id`;
    await rowsOf(db, query, [[held.id, taken.id]]);
    for (const email of [held, taken]) {
      await requeueCopies(db, email.tenantId, idsOf(email), null);
    }
    const reasonOf = async ([id]: readonly DeliveryId[]) => id && (await stored(db, id)).reason;
    expect(await reasonOf(idsOf(taken))).toBeNull();
    expect(await reasonOf(idsOf(held))).toBe('limit');
  });

  it('to now wakes the pollers', async () => {
    const email = anEmail({ scheduledAt: new Date('2040-01-01T00:00:00Z') });
    await createEmails(db, [email]);
    const woken = new Promise<void>((resolve) => {
      const stop = db.listen('mailtide_due', () => void stop().then(resolve));
    });
    const moving = setInterval(() => void requeueCopies(db, email.tenantId, idsOf(email), new Date()), 50);
    await woken;
    clearInterval(moving);
    expect(await dueRows(db, idsOf(email)[0] ?? aCopy().id)).toBe(1);
  });
});
