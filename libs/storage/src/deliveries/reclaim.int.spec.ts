import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '#testing';
import type { Database } from '../database.js';
import { registerProcess } from '../processes/processes.js';
import {
  aClaimRequest,
  aCopy,
  anArm,
  anEmail,
  aProcess,
  aSettle,
  claimed,
  dueRows,
  expireGrants,
  isCovered,
  stored,
} from '../testing/builders.js';
import { openPinned, openTransaction, rowsOf } from '../testing/spec-database.js';
import { arm } from './arm.js';
import { claimDue, type DueClaim } from './claim-due.js';
import { reclaim, sweepClaims } from './reclaim.js';
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

async function given(copies = 1): Promise<{ claims: readonly DueClaim[]; claim: DueClaim; ids: DueClaim['id'][] }> {
  const claims = await claimed(db, [anEmail({ deliveries: Array.from({ length: copies }, () => aCopy()) })]);
  const [claim] = claims;
  if (!claim) throw new Error('nothing was claimed');
  return { claims, claim, ids: claims.map(({ id }) => id) };
}

const claimsLeft = async () => (await rowsOf(db, 'select from claims')).length;

describe('a reclaim', () => {
  it('takes back what was lost with its process, under a new epoch, due again', async () => {
    const { claim } = await given();
    await expireGrants(db, [claim.id]);
    expect(await reclaim(db, 50)).toMatchObject([{ id: claim.id, lane: 'transactional' }]);
    expect(await stored(db, claim.id)).toMatchObject({ status: 'scheduled', epoch: 2, version: 1 });
    expect([await dueRows(db, claim.id), await claimsLeft()]).toEqual([1, 0]);
  });

  it('leaves a grant that is alive', async () => {
    const { claim } = await given();
    expect(await reclaim(db, 50)).toEqual([]);
    expect([(await stored(db, claim.id)).status, await isCovered(db, claim.id)]).toEqual(['queued', true]);
  });

  it('leaves what was renewed, and goes on watching it', async () => {
    const { claim } = await given();
    await rowsOf(db, `update claims set grant_until = clock_now() - interval '1 minute'`);
    expect(await reclaim(db, 50)).toEqual([]);
    expect([(await stored(db, claim.id)).status, await isCovered(db, claim.id)]).toEqual(['queued', true]);
  });

  it('goes on watching what is armed, and takes back its neighbours', async () => {
    const { claims, ids } = await given(3);
    const [first] = claims;
    if (!first) return;
    await arm(db, [anArm(first)], aProcess());
    await expireGrants(db, ids);
    expect((await reclaim(db, 50)).map(({ id }) => id).toSorted()).toEqual(
      ids.filter((id) => id !== first.id).toSorted(),
    );
    expect([(await stored(db, first.id)).status, await isCovered(db, first.id)]).toEqual(['sending', true]);
  });

  it('goes on watching what is being renewed at this moment', async () => {
    const { claim } = await given();
    await expireGrants(db, [claim.id]);
    const { tx, commit } = await openTransaction(db);
    await rowsOf(tx, `update deliveries set grant_until = clock_now() + interval '20 seconds' where id = $1`, [
      claim.id,
    ]);
    const pass = reclaim(db, 50);
    await commit();
    expect(await pass).toEqual([]);
    expect([(await stored(db, claim.id)).status, await isCovered(db, claim.id)]).toEqual(['queued', true]);
  });

  it('never waits for a delivery that somebody is changing', async () => {
    const { claim } = await given();
    await expireGrants(db, [claim.id]);
    const { tx, commit } = await openTransaction(db);
    await rowsOf(tx, 'select from deliveries where id = $1 for no key update', [claim.id]);
    expect(await reclaim(db, 50)).toEqual([]);
    await commit();
    expect(await isCovered(db, claim.id)).toBe(true);
  });

  it('makes a delivery wait that was lost three times while a sender lived', async () => {
    await registerProcess(db, { app: 'sender', instance: 's', exclusive: false });
    const { claim } = await given();
    for (const lost of [1, 2, 3]) {
      await rowsOf(db, `update processes set beat_at = clock_now() + interval '1 minute'`);
      await expireGrants(db, [claim.id]);
      expect(await reclaim(db, 50)).toMatchObject([{ id: claim.id, lost_claims: lost }]);
      if (lost < 3) await claimDue(db, aClaimRequest());
    }
    expect(Number((await stored(db, claim.id)).due_at) - Date.now()).toBeGreaterThan(50_000);
    await rowsOf(db, 'delete from processes');
  });

  it.each([
    [9, 10],
    [32_767, 1_000],
  ])('makes a delivery that was lost %d times wait no longer than a minute', async (before, after) => {
    await registerProcess(db, { app: 'sender', instance: 's', exclusive: false });
    const { claim } = await given();
    await rowsOf(db, `update processes set beat_at = clock_now() + interval '1 minute'`);
    await rowsOf(db, 'update deliveries set lost_claims = $2 where id = $1', [claim.id, before]);
    await expireGrants(db, [claim.id]);
    expect(await reclaim(db, 50)).toMatchObject([{ id: claim.id, lost_claims: after }]);
    const waitMs = Number((await stored(db, claim.id)).due_at) - Date.now();
    expect(waitMs).toBeGreaterThan(50_000);
    expect(waitMs).toBeLessThan(61_000);
    await rowsOf(db, 'delete from processes');
  });

  it('counts nothing that is taken by two reconcilers at once', async () => {
    const { ids } = await given(100);
    await expireGrants(db, ids);
    const both = await Promise.all([reclaim(db, 50), reclaim(db, 50)]);
    expect(
      both
        .flat()
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(ids.toSorted());
  });
});

describe('a sweep', () => {
  it('counts what is queued and forgets claims of which all has ended', async () => {
    await rowsOf(db, 'truncate claims, due');
    const email = anEmail({ deliveries: [aCopy(), aCopy()] });
    const claims = await claimed(db, [email]);
    await rowsOf(db, `update claims set grant_until = clock_now()`);
    expect(await sweepClaims(db, 'transactional')).toBe(2);
    expect(await sweepClaims(db, 'bulk')).toBe(0);
    await arm(
      db,
      claims.map((claim) => anArm(claim)),
      aProcess(),
    );
    expect([await sweepClaims(db, 'transactional'), await claimsLeft()]).toEqual([0, 1]);
    await settle(
      db,
      claims.map((claim) => aSettle(claim, email.id)),
    );
    expect([await sweepClaims(db, 'transactional'), await claimsLeft()]).toEqual([0, 0]);
  });
});
