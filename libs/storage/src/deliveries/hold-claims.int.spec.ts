import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openPinned, testDatabase, type TestDatabase } from '#testing';
import type { Database } from '../database.js';
import { anArm, anEmail, aProcess, claimed, dueRows, expireGrants, stored } from '../testing/builders.js';
import { rowsOf } from '../testing/spec-database.js';
import { arm } from './arm.js';
import { claimDue, type DueClaim } from './claim-due.js';
import { releaseClaims, renewGrants } from './hold-claims.js';
import { loadClaimed } from './load-claimed.js';
import { aClaimRequest } from '../testing/builders.js';

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

async function given(): Promise<DueClaim> {
  const [claim] = await claimed(db, [anEmail()]);
  if (!claim) throw new Error('nothing was claimed');
  return claim;
}

describe('a grant', () => {
  it('lives on while its sender renews it', async () => {
    const claim = await given();
    expect(await renewGrants(db, [claim], 600)).toEqual(new Set([claim.id]));
    expect(Number((await stored(db, claim.id)).grant_until) - Date.now()).toBeGreaterThan(590_000);
  });

  it('that ran out does not come back', async () => {
    const claim = await given();
    await expireGrants(db, [claim.id]);
    expect(await renewGrants(db, [claim], 600)).toEqual(new Set());
  });

  it('is not renewed under another epoch, nor when the delivery moved on', async () => {
    const claim = await given();
    expect(await renewGrants(db, [{ ...claim, epoch: 2 }], 600)).toEqual(new Set());
    await arm(db, [anArm(claim)], aProcess());
    expect(await renewGrants(db, [claim], 600)).toEqual(new Set());
  });
});

describe('a release', () => {
  it('gives a claim back, due as before, and the next claim has another epoch', async () => {
    const claim = await given();
    await releaseClaims(db, [claim]);
    expect(await stored(db, claim.id)).toMatchObject({ status: 'scheduled', epoch: 1, version: 1 });
    expect(await dueRows(db, claim.id)).toBe(1);
    const { claims } = await claimDue(db, aClaimRequest());
    expect(claims).toMatchObject([{ id: claim.id, epoch: 2, dueMs: claim.dueMs }]);
  });

  it('changes nothing under another epoch, nor of an armed delivery', async () => {
    const claim = await given();
    await releaseClaims(db, [{ ...claim, epoch: 0 }]);
    expect(await stored(db, claim.id)).toMatchObject({ status: 'queued' });
    await arm(db, [anArm(claim)], aProcess());
    await releaseClaims(db, [claim]);
    expect([await stored(db, claim.id), await dueRows(db, claim.id)]).toMatchObject([{ status: 'sending' }, 0]);
  });

  it('of nothing asks nobody', async () => {
    await expect(releaseClaims(db, [])).resolves.toBeUndefined();
  });
});

describe('what a sender loads', () => {
  it('is what is still queued under the epochs of its work orders', async () => {
    const [good, old, gone] = [await given(), await given(), await given()];
    await rowsOf(db, `update deliveries set status = 'cancelled' where id = $1`, [gone.id]);
    const loaded = await loadClaimed(db, [good, { ...old, epoch: 7 }, gone], aProcess());
    expect(loaded).toMatchObject([
      { id: good.id, epoch: 1, contentVersion: 1, address: 'bob@example.com', to: ['bob@example.com'] },
    ]);
  });

  it('is nothing of another tenant', async () => {
    const [mine, other] = [await given(), await given()];
    expect(await loadClaimed(db, [{ ...mine, tenantId: other.tenantId }], aProcess())).toEqual([]);
  });
});
