import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type DeliveryId, type EmailId, lapseOf } from '#domain';
import { openPinned, testDatabase, type TestDatabase } from '#testing';
import type { Database } from '../database.js';
import { claimDue } from '../deliveries/claim-due.js';
import { createEmails } from '../emails/create-emails.js';
import type { NewEmail } from '../emails/new-email.js';
import { resendHeld } from '../deliveries/ambiguous.js';
import { arm } from '../deliveries/arm.js';
import { settle } from '../deliveries/settle.js';
import {
  aClaimRequest,
  aCopy,
  aHold,
  anArm,
  anEmail,
  aProcess,
  aRetry,
  claimed,
  dueRows,
  stored,
} from '../testing/builders.js';
import { rowsOf } from '../testing/spec-database.js';
import { endExpired, endHeld } from './end-expired.js';
import { endLate, FROM_THE_OLDEST } from './end-late.js';

let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await testDatabase();
  db = openPinned(database.url);
}, 60_000);
afterEach(() => rowsOf(db, 'truncate due, expiring, claims'));
afterAll(async () => {
  await db.stop();
  await database.drop();
});

const copyOf = ({ deliveries: [copy] }: NewEmail): DeliveryId => copy?.id as DeliveryId;
const late = (rows = 1_000) => endLate(db, 'transactional', FROM_THE_OLDEST, rows);
const expired = () => endExpired(db, { emails: 100, copies: 1_000 });

/** Stores an email as if it had been due for so long. */
async function overdue(seconds: number, grace: number, wish: { readonly onMissed?: 'hold' } = {}): Promise<NewEmail> {
  const email = anEmail();
  await createEmails(db, [email]);
  await rowsOf(
    db,
    `with d as (update deliveries set due_at = clock_now() - $2::float8 * interval '1 second', grace_seconds = $3 where email_id = $1 returning id, due_at),
      e as (update emails set on_missed = $4 where id = $1)
    update due set due_at = d.due_at from d where due.id = d.id`,
    [email.id, seconds, grace, wish.onMissed ?? 'expire'],
  );
  return email;
}

/** Lets an email expire at that distance from now. */
async function expiring(email: NewEmail, seconds: number): Promise<void> {
  await rowsOf(
    db,
    `with e as (update emails set expires_at = clock_now() + $2::float8 * interval '1 second' where id = $1 returning tenant_id, id, expires_at),
      d as (update deliveries d set expires_at = e.expires_at from e where d.email_id = e.id)
    insert into expiring select expires_at, tenant_id, id from e`,
    [email.id, seconds],
  );
}

const eventsOf = async (
  id: DeliveryId,
): Promise<{ type: string; version: number; data: { reason: string; from: string } }[]> =>
  rowsOf(db, 'select type, version, data from outbox where delivery_id = $1 order by id', [id]);
const isListed = async (emailId: EmailId): Promise<boolean> =>
  (await rowsOf(db, 'select from expiring where email_id = $1', [emailId])).length > 0;

describe('what is too late', () => {
  it('is never claimed, and what is late within its grace is: the rule of the domain and of the SQL are one', async () => {
    const seconds = fc.array(
      fc.record({ grace: fc.integer({ min: 0, max: 9 }), lateMs: fc.integer({ min: 0, max: 11_000 }) }),
      {
        minLength: 20,
        maxLength: 20,
      },
    );
    await fc.assert(
      fc.asyncProperty(seconds, async (wishes) => {
        // Away from the edge: between the planting and the claim a few milliseconds pass.
        const clear = wishes.filter(({ grace, lateMs }) => Math.abs((grace + 1) * 1000 - lateMs) > 400);
        const emails = await Promise.all(clear.map(({ grace, lateMs }) => overdue(lateMs / 1000, grace)));
        const { claims } = await claimDue(db, aClaimRequest());
        const taken = new Set(claims.map(({ id }) => id));
        const now = new Date();
        clear.forEach(({ grace, lateMs }, i) => {
          const dueAt = new Date(now.getTime() - lateMs);
          const isMissed = lapseOf({ dueAt, graceSeconds: grace, expiresAt: null }, now) === 'missed';
          expect(taken.has(copyOf(emails[i] as NewEmail))).toBe(!isMissed);
        });
        const { ended } = await late();
        expect(ended.map(({ id }) => id).toSorted()).toEqual(
          emails
            .map(copyOf)
            .filter((id) => !taken.has(id))
            .toSorted(),
        );
      }),
      { numRuns: 5 },
    );
  }, 60_000);

  it('ends as expired, told once and counted once', async () => {
    const email = await overdue(5, 1);
    expect((await late()).ended).toHaveLength(1);
    expect((await late()).ended).toEqual([]);
    expect(await stored(db, copyOf(email))).toMatchObject({
      status: 'expired',
      reason: 'missed',
      version: 2,
      epoch: 1,
    });
    expect(await dueRows(db, copyOf(email))).toBe(0);
    expect(await eventsOf(copyOf(email))).toMatchObject([
      { type: 'delivery.expired', version: 2, data: { reason: 'missed', from: 'scheduled', status: 'expired' } },
    ]);
  });

  it('is held where its email says so: scheduled, due at no time, and no event', async () => {
    const email = await overdue(5, 1, { onMissed: 'hold' });
    await late();
    expect(await stored(db, copyOf(email))).toMatchObject({
      status: 'scheduled',
      reason: 'missed',
      version: 1,
      finished_at: null,
    });
    expect(await dueRows(db, copyOf(email))).toBe(0);
    expect(await eventsOf(copyOf(email))).toEqual([]);
    await expiring(email, -1);
    await expired();
    expect(await stored(db, copyOf(email))).toMatchObject({ status: 'expired', reason: 'expires_at_passed' });
  });

  it('but may have arrived ends as unknown', async () => {
    const email = await overdue(5, 1, { onMissed: 'hold' });
    await rowsOf(db, 'update deliveries set resends = 1, possible_duplicate = true where email_id = $1', [email.id]);
    await late();
    expect(await stored(db, copyOf(email))).toMatchObject({ status: 'unknown', reason: 'ambiguous', version: 2 });
    expect((await eventsOf(copyOf(email))).map(({ type }) => type)).toEqual(['delivery.unknown']);
  });

  it('is not judged while its email is paused', async () => {
    const email = await overdue(5, 1);
    await rowsOf(db, `update emails set status = 'paused' where id = $1`, [email.id]);
    expect((await late()).ended).toEqual([]);
    expect(await stored(db, copyOf(email))).toMatchObject({ status: 'scheduled' });
  });

  it('is found stretch by stretch, wherever in the backlog it lies', async () => {
    const ages = [9, 8, 7, 6, 5, 4];
    const emails = await Promise.all(ages.map((age, i) => overdue(age, i % 2 === 0 ? 1 : 600)));
    const found: DeliveryId[] = [];
    for (let place: typeof FROM_THE_OLDEST | null = FROM_THE_OLDEST; place !== null;) {
      const stretch: Awaited<ReturnType<typeof endLate>> = await endLate(db, 'transactional', place, 2);
      found.push(...stretch.ended.map(({ id }) => id));
      place = stretch.next;
    }
    expect(found.toSorted()).toEqual(
      emails
        .filter((_email, i) => i % 2 === 0)
        .map(copyOf)
        .toSorted(),
    );
  });
});

describe('what has expired', () => {
  it('ends in all its copies that nobody armed, claimed or not, and is forgotten', async () => {
    const email = anEmail({ deliveries: [aCopy(), aCopy(), aCopy()] });
    const [first] = await claimed(db, [email]);
    await rowsOf(db, `update deliveries set status = 'scheduled' where email_id = $1 and id <> $2`, [
      email.id,
      first?.id,
    ]);
    await expiring(email, -0.001);
    expect((await expired()).ended).toHaveLength(3);
    for (const { id } of email.deliveries) {
      expect(await stored(db, id)).toMatchObject({ status: 'expired', reason: 'expires_at_passed', version: 2 });
      expect(await dueRows(db, id)).toBe(0);
    }
    expect(first && (await arm(db, [anArm(first)], aProcess()))).toEqual([undefined]);
    expect(await isListed(email.id)).toBe(false);
  });

  it('of an audience ends in its line, claimed, and held for a person, so many at a time', async () => {
    const email = anEmail({ deliveries: [aCopy(), aCopy(), aCopy(), aCopy()] });
    const [first, held] = await claimed(db, [email]);
    await rowsOf(
      db,
      `with e as (update emails set kind = 'campaign' where id = $1),
        back as (update deliveries set counted = true, recipient_key = id::text, line = $1::text, status = case when id = $2 then status else 'scheduled' end
          where email_id = $1 returning *)
      insert into due (line, due_at, id, tenant_id, mode) select line, due_at, id, tenant_id, mode from back where id not in ($2, $3)`,
      [email.id, first?.id, held?.id],
    );
    await expiring(email, -0.001);
    const ends: number[] = [];
    do {
      ends.push((await endExpired(db, { emails: 100, copies: 1 })).ended.length);
    } while (await isListed(email.id));
    expect(ends).toEqual([1, 1, 1, 1]);
    expect(
      await rowsOf(db, `select from deliveries where email_id = $1 and status = 'expired'`, [email.id]),
    ).toHaveLength(4);
  });

  it('is not claimed, even while the duty is away', async () => {
    const email = anEmail();
    await createEmails(db, [email]);
    await expiring(email, -0.001);
    expect((await claimDue(db, aClaimRequest())).claims).toEqual([]);
    expect((await late()).ended.map(({ reason }) => reason)).toEqual(['expires_at_passed']);
  });

  it('waits for copies in flight: one that comes back for a retry ends, too', async () => {
    const email = anEmail();
    const [claim] = await claimed(db, [email]);
    if (!claim) throw new Error('not claimed');
    await arm(db, [anArm(claim)], aProcess());
    await expiring(email, -0.001);
    expect((await expired()).ended).toEqual([]);
    expect(await isListed(email.id)).toBe(true);
    await settle(db, [{ ...aRetry(claim, email.id), armed: true }]);
    await rowsOf(db, `update expiring set expires_at = clock_now() where email_id = $1`, [email.id]);
    expect((await expired()).ended).toHaveLength(1);
    expect(await isListed(email.id)).toBe(false);
  });

  it('has not, when an edit gave it more time: it is looked at again then', async () => {
    const email = anEmail();
    await createEmails(db, [email]);
    await expiring(email, -0.001);
    await rowsOf(db, `update emails set expires_at = clock_now() + interval '1 hour' where id = $1`, [email.id]);
    expect(await expired()).toMatchObject({ emails: 1, ended: [] });
    expect(await stored(db, copyOf(email))).toMatchObject({ status: 'scheduled' });
    expect(
      await rowsOf(
        db,
        `select from expiring where email_id = $1 and expires_at > clock_now() + interval '59 minutes'`,
        [email.id],
      ),
    ).toHaveLength(1);
  });

  it('and was ambiguous is not sent again: when its hold is over it is parked', async () => {
    const email = anEmail();
    const [claim] = await claimed(db, [email]);
    if (!claim) throw new Error('not claimed');
    await arm(db, [anArm(claim)], aProcess());
    await settle(db, [aHold(claim, email.id, 0)]);
    await expiring(email, -0.001);
    expect(await resendHeld(db, 10)).toEqual([]);
    expect(await endHeld(db, 10)).toHaveLength(1);
    expect(await stored(db, copyOf(email))).toMatchObject({ status: 'unknown', reason: 'ambiguous', hold_until: null });
    expect((await eventsOf(copyOf(email))).map(({ type }) => type)).toEqual(['delivery.unknown']);
  });
});
