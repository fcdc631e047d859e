import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EmailId, ProcessId } from '#domain';
import { openPinned, testDatabase, type TestDatabase } from '#testing';
import type { Database } from '../database.js';
import { callOffAmbiguous } from '../emails/call-off-ambiguous.js';
import { cancelOpenCopies } from '../emails/cancel-open-copies.js';
import { callOff } from '../emails/change-copies.js';
import { lockCopies } from '../emails/lock-emails.js';
import { aCopy, aHold, anArm, anEmail, aProcess, aSettle, claimed, dueRows, stored } from '../testing/builders.js';
import { openTransaction, rowsOf } from '../testing/spec-database.js';
import { findAmbiguous, resendHeld } from './ambiguous.js';
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

async function armedBy(
  sender: ProcessId,
): Promise<{ claim: DueClaim; emailId: EmailId; tenantId: DueClaim['tenantId'] }> {
  const email = anEmail();
  const [claim] = await claimed(db, [email]);
  if (!claim) throw new Error('nothing was claimed');
  await arm(db, [anArm(claim)], sender);
  return { claim, emailId: email.id, tenantId: email.tenantId };
}

const found = async (owners: { dead?: ProcessId[]; silent?: ProcessId[] }) =>
  (await findAmbiguous(db, { dead: [], silent: [], ...owners }, 100)).map(({ id, owner_is_dead }) => [
    id,
    owner_is_dead,
  ]);

describe('an armed delivery', () => {
  it('is found when its sender is dead or silent, and not while it lives', async () => {
    const sender = aProcess();
    const { claim } = await armedBy(sender);
    expect(await found({ dead: [aProcess()], silent: [aProcess()] })).toEqual([]);
    expect(await found({ dead: [sender] })).toEqual([[claim.id, true]]);
    expect(await found({ silent: [sender] })).toEqual([[claim.id, false]]);
  });

  it('is found when its reply is owed for more than 12 minutes', async () => {
    const { claim } = await armedBy(aProcess());
    await rowsOf(db, `update deliveries set armed_at = armed_at - interval '12 minutes' where id = $1`, [claim.id]);
    expect(await found({})).toEqual([[claim.id, false]]);
    await rowsOf(db, `update deliveries set status = 'sent' where id = $1`, [claim.id]);
    expect(await found({})).toEqual([]);
  });

  it('is found once: on hold it waits', async () => {
    const sender = aProcess();
    const { claim, emailId } = await armedBy(sender);
    await settle(db, [aHold(claim, emailId)]);
    expect(await found({ dead: [sender] })).toEqual([]);
  });
});

describe('a held delivery', () => {
  it('is sent once more when its hold is over, marked as a possible duplicate', async () => {
    const { claim, emailId } = await armedBy(aProcess());
    await settle(db, [aHold(claim, emailId, 600)]);
    expect(await resendHeld(db, 100)).toEqual([]);
    await settle(db, [aHold(claim, emailId, 0)]);
    expect(await resendHeld(db, 100)).toMatchObject([{ id: claim.id, epoch: 2, version: 2 }]);
    expect(await stored(db, claim.id)).toMatchObject({
      status: 'scheduled',
      possible_duplicate: true,
      resends: 1,
      hold_until: null,
    });
    expect(await dueRows(db, claim.id)).toBe(1);
    expect(await resendHeld(db, 100)).toEqual([]);
  });

  it('that was settled meanwhile is left alone', async () => {
    const { claim, emailId } = await armedBy(aProcess());
    await settle(db, [aHold(claim, emailId, 0)]);
    await settle(db, [aSettle(claim, emailId)]);
    expect(await resendHeld(db, 100)).toEqual([]);
    expect(await stored(db, claim.id)).toMatchObject({ status: 'sent', possible_duplicate: false });
  });

  it('that is being called off is not sent again', async () => {
    const { claim, emailId, tenantId } = await armedBy(aProcess());
    await settle(db, [aHold(claim, emailId, 0)]);
    const { tx, commit } = await openTransaction(db);
    await lockCopies(tx, tenantId, 'test', emailId);
    expect(await callOff(tx, tenantId, [claim.id])).toMatchObject([{ id: claim.id, version: 2 }]);
    expect(await resendHeld(db, 100)).toEqual([]); // and does not wait
    await commit();
    expect(await resendHeld(db, 100)).toEqual([]);
    expect(await stored(db, claim.id)).toMatchObject({ status: 'unknown', reason: 'ambiguous', hold_until: null });
  });

  it('is not resent when its email was cancelled meanwhile, and ends as unknown even when it was resent before', async () => {
    const email = anEmail({ deliveries: [aCopy(), aCopy()] });
    const claims = await claimed(db, [email]);
    const [first, second] = claims;
    if (!first || !second) throw new Error('two were claimed');
    await arm(
      db,
      claims.map((claim) => anArm(claim)),
      aProcess(),
    );
    await settle(db, [aHold(first, email.id, 0)]);
    await resendHeld(db, 100);
    await settle(db, [aHold(second, email.id, 0)]);
    const of = {
      tenantId: email.tenantId,
      mode: email.mode,
      emailId: email.id,
      ownerId: null,
      jobId: null,
      source: 'spec',
      actor: 'system',
    };
    await db.transaction(async (tx) => {
      const copies = await lockCopies(tx, email.tenantId, email.mode, email.id);
      const now = await callOffAmbiguous(tx, [{ of, copies }]);
      expect(now[0]?.copies.map(({ status }) => status)).toEqual(['unknown', 'unknown']);
      await cancelOpenCopies(tx, now, 'cancelled_by_user');
    });
    expect(await resendHeld(db, 100)).toEqual([]);
    for (const { id } of claims) {
      expect(await stored(db, id)).toMatchObject({ status: 'unknown', reason: 'ambiguous', hold_until: null });
      expect(await dueRows(db, id)).toBe(0);
    }
  });

  it('is resent once by two reconcilers', async () => {
    const email = anEmail({ deliveries: Array.from({ length: 50 }, () => aCopy()) });
    const claims = await claimed(db, [email]);
    await arm(
      db,
      claims.map((claim) => anArm(claim)),
      aProcess(),
    );
    await settle(
      db,
      claims.map((claim) => aHold(claim, email.id, 0)),
    );
    const both = await Promise.all([resendHeld(db, 100), resendHeld(db, 100)]);
    expect(new Set(both.flat().map(({ id }) => id)).size).toBe(50);
    expect(both.flat()).toHaveLength(50);
  });
});
