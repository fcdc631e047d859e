import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DeliveryId, EmailId } from '#domain';
import { testDatabase, type TestDatabase } from '#testing';
import type { Database } from '../database.js';
import {
  aCopy,
  aHold,
  anArm,
  anEmail,
  aProcess,
  aRetry,
  aSettle,
  claimed,
  dueRows,
  stored,
} from '../testing/builders.js';
import { openPinned, rowsOf } from '../testing/spec-database.js';
import { arm } from './arm.js';
import type { DueClaim } from './claim-due.js';
import { settle } from './settle.js';

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
