import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, openPinned, testDatabase, type TestDatabase } from '#testing';
import type { Database } from '../database.js';
import { requeueCopies } from '../emails/change-copies.js';
import { lockCopies } from '../emails/lock-emails.js';
import type { NewEmail } from '../emails/new-email.js';
import { aCopy, anArm, anEmail, aProcess, aTenant, claimed, expireGrants, stored } from '../testing/builders.js';
import { rowsOf } from '../testing/spec-database.js';
import { arm, type ArmAsk } from './arm.js';
import type { DueClaim } from './claim-due.js';
import { loadClaimed } from './load-claimed.js';
import { whyRefused } from './why-refused.js';

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

const sender = aProcess();

async function given(): Promise<{ email: NewEmail; claim: DueClaim; ask: ArmAsk }> {
  const email = anEmail();
  const [claim] = await claimed(db, [email]);
  if (!claim) throw new Error('nothing was claimed');
  return { email, claim, ask: anArm(claim) };
}

describe('the gate', () => {
  it('lets a claimed delivery be accepted: `sending`, one more attempt, by whom and when', async () => {
    const { ask } = await given();
    expect(await arm(db, [ask], sender)).toEqual([{ attempt: 1 }]);
    expect(await stored(db, ask.id)).toMatchObject({
      status: 'sending',
      attempt: 1,
      version: 1,
      armed_by: sender,
      armed_at: expect.any(Date),
      provider_id: ask.providerId,
    });
  });

  it('opens once for a claim', async () => {
    const { ask } = await given();
    await arm(db, [ask], sender);
    expect(await arm(db, [ask], sender)).toEqual([undefined]);
    expect(await stored(db, ask.id)).toMatchObject({ attempt: 1 });
  });

  it('opens once when Kafka repeated a record and both ask in one breath', async () => {
    const { ask } = await given();
    expect(await arm(db, [ask, { ...ask }], sender)).toEqual([{ attempt: 1 }, undefined]);
  });

  it('never opens for an old epoch, even beside the present one', async () => {
    const { email, ask } = await given();
    const old = anArm({ ...ask, epoch: ask.epoch - 1 });
    const next = anArm({ ...ask, epoch: ask.epoch + 1 });
    expect(await arm(db, [old, next], sender)).toEqual([undefined, undefined]);
    expect(await stored(db, ask.id)).toMatchObject({ status: 'queued', attempt: 0 });
    expect(await arm(db, [old, ask, next], sender)).toEqual([undefined, { attempt: 1 }, undefined]);
    expect(email.deliveries).toHaveLength(1);
  });

  it('answers in the order asked, whatever the order of the rows', async () => {
    const email = anEmail({ deliveries: Array.from({ length: 5 }, () => aCopy()) });
    const claims = await claimed(db, [email]);
    const asks = claims.map((claim) => anArm(claim)).toReversed();
    const refused = asks.map((ask, i) => (i === 2 ? { ...ask, epoch: 9 } : ask));
    expect((await arm(db, refused, sender)).map((answer) => answer?.attempt)).toEqual([1, 1, undefined, 1, 1]);
  });

  const REFUSALS: [why: string, change: string][] = [
    ['it is not due yet', `update deliveries set due_at = clock_now() + interval '1 second' where id = $1`],
    ['it has expired', `update deliveries set expires_at = clock_now() where id = $1`],
    [
      'its email is paused',
      `update emails set status = 'paused' where id = (select email_id from deliveries where id = $1)`,
    ],
    [
      'its email bears a tombstone',
      `update emails set tombstone_at = now() where id = (select email_id from deliveries where id = $1)`,
    ],
    [
      'it was rendered before an edit',
      `update emails set content_version = 2 where id = (select email_id from deliveries where id = $1)`,
    ],
    ['it was cancelled', `update deliveries set status = 'cancelled' where id = $1`],
    ['it was released', `update deliveries set status = 'scheduled' where id = $1`],
    ['it is under another tenant', `update deliveries set tenant_id = gen_random_uuid() where id = $1`],
  ];
  const suppress = (ask: ArmAsk, wish: { scope?: string; mode?: string; tenantId?: string; lifted?: boolean } = {}) =>
    rowsOf(
      db,
      `insert into suppressions (tenant_id, id, mode, recipient_key, address, scope, source, lifted_at)
       values ($1, gen_random_uuid(), $2, 'bob@example.com', 'bob@example.com', $3, 'manual', case when $4 then now() end)`,
      [wish.tenantId ?? ask.tenantId, wish.mode ?? 'test', wish.scope ?? 'all', wish.lifted ?? false],
    );

  it('stays shut for a suppressed recipient, and says why', async () => {
    const { ask } = await given();
    await suppress(ask);
    expect(await arm(db, [ask], sender)).toEqual([undefined]);
    expect(await whyRefused(db, [ask, { ...ask, epoch: 9 }])).toEqual(['suppressed', 'moved']);
    expect(await stored(db, ask.id)).toMatchObject({ status: 'queued', armed_at: null });
    expect(await loadClaimed(db, [ask], sender)).toMatchObject([{ isSuppressed: true }]);
  });

  it.each([
    ['in the other mode', { mode: 'live' }],
    ['of another tenant', { tenantId: aTenant() }],
    ['of bulk mail, for transactional mail', { scope: 'bulk' }],
    ['that was lifted', { lifted: true }],
  ])('does not mind a suppression %s', async (_which, wish) => {
    const { ask } = await given();
    await suppress(ask, wish);
    expect(await loadClaimed(db, [ask], sender)).toMatchObject([{ isSuppressed: false }]);
    expect(await whyRefused(db, [ask])).toEqual(['late']);
    expect(await arm(db, [ask], sender)).toEqual([{ attempt: 1 }]);
  });

  it('stays shut for bulk mail to who wants none', async () => {
    const { ask } = await given();
    await rowsOf(db, `update deliveries set lane = 'bulk' where id = $1`, [ask.id]);
    await suppress(ask, { scope: 'bulk' });
    expect(await arm(db, [ask], sender)).toEqual([undefined]);
  });

  it('lets nothing through that it learned of late, after waiting for a row', async () => {
    const { ask } = await given();
    let answer: Promise<unknown> | undefined;
    await db.transaction(async (tx) => {
      await rowsOf(tx, 'update deliveries set grant_until = grant_until where id = $1', [ask.id]);
      answer = arm(db, [ask], sender);
      await eventually(async () => {
        const waiting = `select from pg_stat_activity where wait_event_type = 'Lock' and query_start < clock_timestamp() - interval '1.6 s' and datname = current_database()`;
        expect(await rowsOf(db, waiting, [])).toHaveLength(1);
      }, 4_000);
    });
    expect(await answer).toEqual([undefined]);
    expect(await whyRefused(db, [ask])).toEqual(['late']);
  });

  it.each(REFUSALS)('stays shut when %s', async (_why, change) => {
    const { ask } = await given();
    await rowsOf(db, change, [ask.id]);
    expect(await arm(db, [ask], sender)).toEqual([undefined]);
    expect(await stored(db, ask.id)).toMatchObject({ armed_at: null, attempt: 0 });
  });

  it('stays shut when the grant ran out', async () => {
    const { ask } = await given();
    await expireGrants(db, [ask.id]);
    expect(await arm(db, [ask], sender)).toEqual([undefined]);
  });

  it('stays shut when an edit took the delivery back', async () => {
    const { email, ask } = await given();
    await db.transaction(async (tx) => {
      await lockCopies(tx, email.tenantId, 'test', email.id);
      await requeueCopies(tx, email.tenantId, [ask.id], null);
    });
    expect(await arm(db, [ask], sender)).toEqual([undefined]);
    expect(await stored(db, ask.id)).toMatchObject({ status: 'scheduled', epoch: 2, version: 2 });
  });
});
