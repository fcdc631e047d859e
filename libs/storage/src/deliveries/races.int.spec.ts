import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DeliveryId } from '#domain';
import { openPinned, testDatabase, type TestDatabase } from '#testing';
import type { Database } from '../database.js';
import { cancelOpenCopies } from '../emails/cancel-open-copies.js';
import { requeueCopies } from '../emails/change-copies.js';
import { createEmails } from '../emails/create-emails.js';
import type { NewEmail } from '../emails/new-email.js';
import { lockCopies } from '../emails/lock-emails.js';
import {
  aClaimRequest,
  aCopy,
  aHold,
  anArm,
  anEmail,
  aProcess,
  aRetry,
  aSettle,
  claimed,
  expireGrants,
} from '../testing/builders.js';
import { rowsOf } from '../testing/spec-database.js';
import { resendHeld } from './ambiguous.js';
import { arm } from './arm.js';
import { claimDue } from './claim-due.js';
import { renewGrants } from './hold-claims.js';
import { reclaim } from './reclaim.js';
import { settle } from './settle.js';

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

const ROUNDS = 500;
const sender = aProcess();

/** A race for each email, a few at a time: they meet each other on the way, too. A deadlock (40P01) fails the spec as it is. */
async function forEach(emails: readonly NewEmail[], race: (email: NewEmail) => Promise<void>): Promise<void> {
  const left = [...emails];
  const run = async (): Promise<void> => {
    for (let email = left.pop(); email; email = left.pop()) await race(email);
  };
  await Promise.all([run(), run(), run()]);
}

const emailsOfTwo = (): NewEmail[] => Array.from({ length: ROUNDS }, () => anEmail({ deliveries: [aCopy(), aCopy()] }));

/** At the same time, in either order. */
const together = async (...acts: (() => Promise<unknown>)[]): Promise<void> => {
  const shuffled = acts.map((act) => ({ act, at: Math.random() })).toSorted((a, b) => a.at - b.at);
  await Promise.all(shuffled.map(({ act }) => act()));
};

const cancel = (email: NewEmail) =>
  db.transaction(async (tx) => {
    const copies = await lockCopies(tx, email.tenantId, 'test', email.id);
    const of = {
      tenantId: email.tenantId,
      mode: 'test',
      emailId: email.id,
      ownerId: null,
      jobId: null,
      source: 'spec',
      actor: 'key_1',
    } as const;
    const [caught] = await cancelOpenCopies(tx, [{ of, copies }], 'cancelled_by_user');
    return caught?.cancelled ?? 0;
  });

const edit = (email: NewEmail) =>
  db.transaction(async (tx) => {
    const copies = await lockCopies(tx, email.tenantId, 'test', email.id);
    const open = copies.filter(({ status }) => status === 'scheduled' || status === 'queued').map(({ id }) => id);
    return (await requeueCopies(tx, email.tenantId, open, null)).map(({ id }) => id);
  });

const statusOf = async (email: NewEmail) =>
  new Map(
    (
      await rowsOf<{ id: DeliveryId; status: string; due: number }>(
        db,
        'select id, status, (select count(*)::int from due where due.id = d.id) as due from deliveries d where tenant_id = $1 and email_id = $2',
        [email.tenantId, email.id],
      )
    ).map(({ id, status, due }) => [id, { status, due }]),
  );

/** Gives what waits new times, so that the order of due times is not the order of ids. */
const shuffleDue = () =>
  rowsOf(
    db,
    `with waiting as (
      update deliveries set due_at = clock_now() - random() * interval '1 hour' where status = 'scheduled' returning line, due_at, id, tenant_id, mode
    ), gone as (delete from due)
    insert into due (line, due_at, id, tenant_id, mode) select line, due_at, id, tenant_id, mode from waiting`,
  );

describe('a race', () => {
  it('of a cancel against the gate is won by exactly one of them, and the answer of the cancel is the truth', async () => {
    const emails = emailsOfTwo();
    const claims = await claimed(db, emails);
    const wins = { gate: 0, cancel: 0 };
    await forEach(emails, async (email) => {
      const asks = claims.filter(({ tenantId }) => tenantId === email.tenantId).map((claim) => anArm(claim));
      expect(asks).toHaveLength(2);
      let armed = 0;
      let cancelled = 0;
      await together(
        async () => (armed = (await arm(db, asks, sender)).filter((answer) => answer !== undefined).length),
        async () => (cancelled = await cancel(email)),
      );
      const states = [...(await statusOf(email)).values()].map(({ status }) => status);
      expect(armed + cancelled).toBe(2);
      expect(states.filter((status) => status === 'cancelled')).toHaveLength(cancelled);
      expect(states.filter((status) => status === 'sending')).toHaveLength(armed);
      wins.gate += armed;
      wins.cancel += cancelled;
    });
    expect(Math.min(wins.gate, wins.cancel)).toBeGreaterThan(0); // else it was no race
  }, 60_000);

  it('of an edit against a claim loses no delivery and leaves none in two places', async () => {
    const emails = emailsOfTwo();
    await createEmails(db, emails);
    await forEach(emails, async (email) => {
      await together(
        () => claimDue(db, aClaimRequest({ batch: 3 })),
        () => edit(email),
      );
      const states = [...(await statusOf(email)).values()];
      expect(states.map(({ due }) => due)).toEqual(states.map(({ status }) => (status === 'scheduled' ? 1 : 0)));
    });
  }, 60_000);

  it('of an edit against the end of an attempt leaves each copy in the queue once', async () => {
    await claimDue(db, aClaimRequest({ batch: 10_000 }));
    const emails = emailsOfTwo();
    const claims = await claimed(db, emails);
    await forEach(emails, async (email) => {
      const ends = claims
        .filter(({ tenantId }) => tenantId === email.tenantId)
        .map((claim) => aRetry(claim, email.id, 3_600));
      await together(
        () => settle(db, ends),
        () => edit(email),
      );
      const waiting = { status: 'scheduled', due: 1 };
      expect([...(await statusOf(email)).values()]).toEqual([waiting, waiting]);
    });
  }, 60_000);

  it('of everybody for the same rows ends, without a deadlock', async () => {
    const email = anEmail({ deliveries: Array.from({ length: 20 }, () => aCopy()) });
    const backwards = <T>(list: readonly T[]): readonly T[] => list.toReversed();
    await createEmails(db, [email]);
    for (let round = 0; round < 25; round += 1) {
      await shuffleDue();
      const { claims } = await claimDue(db, aClaimRequest());
      const ids = claims.map(({ id }) => id);
      await together(
        () =>
          arm(
            db,
            backwards(claims).map((claim) => anArm(claim)),
            sender,
          ),
        () => renewGrants(db, claims, 20),
        () =>
          settle(
            db,
            backwards(claims).map((claim) => aHold(claim, email.id, 0)),
          ),
        () => resendHeld(db, 100),
        () => expireGrants(db, ids.toSorted()).then(() => reclaim(db, 50)),
        () => edit(email),
        () =>
          settle(
            db,
            claims.map((claim) => aSettle(claim, email.id, { status: 'scheduled', outcome: 'temporary' })),
          ),
      );
    }
    const states = [...(await statusOf(email)).values()];
    expect(states.map(({ status, due }) => (status === 'scheduled') === (due === 1))).toEqual(states.map(() => true));
  }, 60_000);
});
