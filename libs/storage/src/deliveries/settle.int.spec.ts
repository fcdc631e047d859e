import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DeliveryId, EmailId } from '#domain';
import { deliverySuppressedV1 } from '#events';
import { openPinned, testDatabase, type TestDatabase } from '#testing';
import type { Database } from '../database.js';
import { deadLetter } from '../dead-letters/dead-letter.js';
import {
  aCopy,
  aHold,
  anArm,
  anEmail,
  anEvent,
  aProcess,
  aRetry,
  aSettle,
  claimed,
  dueRows,
  stored,
} from '../testing/builders.js';
import { rowsOf } from '../testing/spec-database.js';
import { arm } from './arm.js';
import type { DueClaim } from './claim-due.js';
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

interface Given {
  readonly claim: DueClaim;
  readonly emailId: EmailId;
}

async function queued(): Promise<Given> {
  const email = anEmail();
  const [claim] = await claimed(db, [email]);
  if (!claim) throw new Error('nothing was claimed');
  return { claim, emailId: email.id };
}

async function armed(): Promise<Given> {
  const given = await queued();
  await arm(db, [anArm(given.claim)], aProcess());
  return given;
}

const attemptsOf = (id: DeliveryId) => rowsOf(db, 'select * from attempts where delivery_id = $1 order by epoch', [id]);
const versionsTold = async (id: DeliveryId) =>
  (await rowsOf<{ version: number }>(db, 'select version from outbox where delivery_id = $1 order by id', [id])).map(
    ({ version }) => version,
  );

describe('an accepted attempt', () => {
  it('ends its delivery as `sent`, with the attempt, and told under the next version', async () => {
    const { claim, emailId } = await armed();
    expect(await settle(db, [aSettle(claim, emailId)])).toEqual(new Set([claim.id]));
    expect(await stored(db, claim.id)).toMatchObject({ status: 'sent', version: 2, finished_at: expect.any(Date) });
    expect(await attemptsOf(claim.id)).toMatchObject([
      { epoch: 1, attempt: 1, outcome: 'accepted', reply_code: 250, armed_at: expect.any(Date), ambiguous_at: null },
    ]);
    expect(await versionsTold(claim.id)).toEqual([2]);
  });

  it('is stored once, however often it is told', async () => {
    const { claim, emailId } = await armed();
    await settle(db, [aSettle(claim, emailId)]);
    expect(await settle(db, [aSettle(claim, emailId)])).toEqual(new Set());
    expect(await versionsTold(claim.id)).toEqual([2]);
    expect(await attemptsOf(claim.id)).toHaveLength(1);
  });

  it('is recorded although somebody else moved the delivery, and changes nothing of it', async () => {
    const { claim, emailId } = await armed();
    await rowsOf(db, 'update deliveries set epoch = epoch + 1 where id = $1', [claim.id]);
    expect(await settle(db, [aSettle(claim, emailId)])).toEqual(new Set());
    expect(await stored(db, claim.id)).toMatchObject({ status: 'sending', version: 1 });
    expect(await attemptsOf(claim.id)).toMatchObject([{ epoch: 1, outcome: 'accepted' }]);
    expect(await versionsTold(claim.id)).toEqual([]);
  });

  it('is not believed of a delivery that was never armed', async () => {
    const { claim, emailId } = await queued();
    expect(await settle(db, [aSettle(claim, emailId)])).toEqual(new Set());
    expect(await stored(db, claim.id)).toMatchObject({ status: 'queued' });
  });
});

describe('a temporary failure', () => {
  it('before the dot goes back to `scheduled`, counted, due after the delay', async () => {
    const { claim, emailId } = await queued();
    await settle(db, [aRetry(claim, emailId, 60)]);
    const { due_at, ...row } = await stored(db, claim.id);
    expect(row).toMatchObject({ status: 'scheduled', epoch: 1, attempt: 1, version: 2, finished_at: null });
    expect(Number(due_at) - Date.now()).toBeGreaterThan(50_000);
    expect(await dueRows(db, claim.id)).toBe(1);
    const [told] = await rowsOf(db, 'select data from outbox where delivery_id = $1', [claim.id]);
    expect(told).toMatchObject({ data: { nextAttemptAt: due_at.toISOString() } });
  });

  it('keeps the arm of an earlier attempt out of its own record', async () => {
    const { claim, emailId } = await armed();
    await settle(db, [aSettle(claim, emailId, { status: 'scheduled', outcome: 'temporary' })]);
    await rowsOf(db, `update deliveries set status = 'queued', epoch = 2 where id = $1`, [claim.id]);
    await settle(db, [aRetry({ ...claim, epoch: 2 }, emailId)]);
    expect(await attemptsOf(claim.id)).toMatchObject([{ armed_at: expect.any(Date) }, { armed_at: null }]);
  });

  it('is not believed of a delivery that another worker has armed under the same claim', async () => {
    const { claim, emailId } = await armed();
    expect(await settle(db, [aRetry(claim, emailId)])).toEqual(new Set());
    expect([await stored(db, claim.id), await dueRows(db, claim.id)]).toMatchObject([{ status: 'sending' }, 0]);
  });
});

describe('a recipient that does not exist', () => {
  const bounced = (claim: DueClaim, emailId: EmailId) =>
    aSettle(claim, emailId, {
      status: 'failed',
      armed: false,
      reason: 'bad_recipient',
      outcome: 'permanent',
      phase: 'envelope',
      reply: { code: 550, enhanced: '5.1.1', text: 'no' },
      isHardBounce: true,
    });
  const suppressions = (claim: DueClaim) =>
    rowsOf(db, 'select * from suppressions where tenant_id = $1', [claim.tenantId]);

  it('is suppressed with the end of its delivery, once', async () => {
    const email = anEmail({ deliveries: [aCopy(), aCopy()] });
    const claims = await claimed(db, [email]);
    await settle(
      db,
      claims.map((claim) => bounced(claim, email.id)),
    );
    const [claim] = claims;
    if (!claim) throw new Error('nothing was claimed');
    const deliveryId = expect.stringMatching(new RegExp(claims.map(({ id }) => id).join('|')));
    expect(await suppressions(claim)).toMatchObject([
      {
        address: 'bob@example.com',
        recipient_key: 'bob@example.com',
        mode: 'test',
        scope: 'all',
        source: 'hard_bounce',
        reason: '550 5.1.1',
        delivery_id: deliveryId,
        lifted_at: null,
      },
    ]);
    expect(await rowsOf(db, 'select from dead_letters where tenant_id = $1', [claim.tenantId])).toEqual([]);
  });

  it('is not suppressed by what was no longer ours', async () => {
    const { claim, emailId } = await queued();
    await rowsOf(db, 'update deliveries set epoch = epoch + 1 where id = $1', [claim.id]);
    await settle(db, [bounced(claim, emailId)]);
    expect(await suppressions(claim)).toEqual([]);
  });
});

describe('a suppressed delivery', () => {
  it('ends without an attempt, told under the next version', async () => {
    const { claim, emailId } = await queued();
    const event = anEvent(deliverySuppressedV1, { tenantId: claim.tenantId, emailId, deliveryId: claim.id });
    const ask = { status: 'suppressed', armed: false, counts: false, outcome: null, reply: null, event } as const;
    await settle(db, [aSettle(claim, emailId, { ...ask, reason: 'recipient_suppressed' })]);
    expect(await stored(db, claim.id)).toMatchObject({
      status: 'suppressed',
      reason: 'recipient_suppressed',
      attempt: 0,
      version: 2,
      finished_at: expect.any(Date),
    });
    expect(await attemptsOf(claim.id)).toEqual([]);
    expect(await versionsTold(claim.id)).toEqual([2]);
  });
});

describe('a delivery whose time is spent', () => {
  it('becomes one dead letter with its last conversation, told without a number of its own', async () => {
    const { claim, emailId } = await armed();
    const conversation = ['> RCPT TO:<bob@example.com>', '< 451 4.3.0 "later" {1,2}'];
    const letter = deadLetter({
      tenantId: claim.tenantId,
      mode: 'test',
      deliveryId: claim.id,
      emailId,
      jobId: null,
      reason: 'time_budget_spent',
      attempts: 1,
      error: '451 4.3.0 later',
      conversation,
    });
    const end = aSettle(claim, emailId, {
      status: 'failed',
      reason: 'time_budget_spent',
      outcome: 'temporary',
      deadLetter: letter,
    });
    await settle(db, [end]);
    await settle(db, [end]);
    expect(await rowsOf(db, 'select * from dead_letters where tenant_id = $1', [claim.tenantId])).toMatchObject([
      { id: letter.id, kind: 'delivery', delivery_id: claim.id, status: 'open', attempts: 1, conversation },
    ]);
    expect(
      await rowsOf(db, 'select type, version, data from outbox where delivery_id = $1 order by id', [claim.id]),
    ).toMatchObject([
      { version: 2 },
      { type: 'dead_letter.added', version: 0, data: { ...JSON.parse(letter.data), at: expect.any(String) } },
    ]);
  });
});

describe('an attempt whose dot was withheld', () => {
  it('is given back uncounted, untold, and leaves no hole in the versions', async () => {
    const { claim, emailId } = await armed();
    const withheld = {
      status: 'scheduled',
      counts: false,
      outcome: 'withheld',
      phase: 'before_dot',
      event: null,
    } as const;
    await settle(db, [aSettle(claim, emailId, withheld)]);
    expect(await stored(db, claim.id)).toMatchObject({ status: 'scheduled', attempt: 0, version: 1 });
    expect([await dueRows(db, claim.id), await versionsTold(claim.id)]).toEqual([1, []]);
  });
});

describe('an ambiguous attempt', () => {
  it('is on record, and stays so when the truth comes late', async () => {
    const { claim, emailId } = await armed();
    await settle(db, [aHold(claim, emailId)]);
    expect(await stored(db, claim.id)).toMatchObject({ status: 'sending', hold_until: expect.any(Date), version: 1 });
    const [before] = await attemptsOf(claim.id);
    await settle(db, [aSettle(claim, emailId)]);
    expect(await stored(db, claim.id)).toMatchObject({ status: 'sent', hold_until: null });
    expect(before).toMatchObject({ outcome: 'unknown', ambiguous_at: expect.any(Date), resolved_by: null });
    expect(await attemptsOf(claim.id)).toMatchObject([
      { outcome: 'accepted', resolved_by: 'accepted', ambiguous_at: before?.['ambiguous_at'] },
    ]);
  });

  it('that ended as `unknown` may still be proven sent, once', async () => {
    const { claim, emailId } = await armed();
    const unknown = { status: 'unknown', outcome: 'unknown', phase: 'dot_released', reply: null } as const;
    await settle(db, [aSettle(claim, emailId, unknown)]);
    expect(await settle(db, [aSettle(claim, emailId, unknown)])).toEqual(new Set());
    await settle(db, [aSettle(claim, emailId)]);
    expect(await stored(db, claim.id)).toMatchObject({ status: 'sent', version: 3 });
    expect(await versionsTold(claim.id)).toEqual([2, 3]);
  });

  it('is on record although another worker failed before the dot under the same claim', async () => {
    const { claim, emailId } = await armed();
    await settle(db, [aRetry(claim, emailId)]);
    await settle(db, [aHold(claim, emailId)]);
    expect(await attemptsOf(claim.id)).toMatchObject([
      { outcome: 'unknown', phase: 'dot_released', ambiguous_at: expect.any(Date), resolved_by: null },
    ]);
  });

  it('is not resolved by another worker that failed before the dot', async () => {
    const { claim, emailId } = await armed();
    await settle(db, [aHold(claim, emailId)]);
    await settle(db, [aRetry(claim, emailId)]);
    expect(await attemptsOf(claim.id)).toMatchObject([{ outcome: 'unknown', resolved_by: null }]);
  });
});

describe('a batch', () => {
  it('stores the armed one of two ends of the same claim', async () => {
    const { claim, emailId } = await armed();
    await settle(db, [aSettle(claim, emailId), aRetry(claim, emailId)]);
    expect(await stored(db, claim.id)).toMatchObject({ status: 'sent' });
    expect(await attemptsOf(claim.id)).toMatchObject([{ outcome: 'accepted' }]);
  });

  it('tells a move once although an old epoch of the same delivery ends beside it', async () => {
    const { claim, emailId } = await armed();
    await settle(db, [aRetry({ ...claim, epoch: 0 }, emailId), aSettle(claim, emailId)]);
    expect(await versionsTold(claim.id)).toEqual([2]);
    expect(await attemptsOf(claim.id)).toMatchObject([
      { epoch: 0, outcome: 'temporary' },
      { epoch: 1, outcome: 'accepted' },
    ]);
  });

  it('of 500 ends every delivery', async () => {
    const email = anEmail({ deliveries: Array.from({ length: 500 }, () => aCopy()) });
    const claims = await claimed(db, [email]);
    await arm(
      db,
      claims.map((claim) => anArm(claim)),
      aProcess(),
    );
    const moved = await settle(
      db,
      claims.map((claim) => aSettle(claim, email.id)),
    );
    expect(moved.size).toBe(500);
  });
});
