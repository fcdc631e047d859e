import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openPinned, testDatabase, type TestDatabase } from '#testing';
import type { Database } from '../database.js';
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
import { executing, type PlanNode, rowsRead } from '../testing/plan.js';
import { inVain, openTransaction, rowsOf } from '../testing/spec-database.js';
import { arm } from './arm.js';
import { claimDue, type DueClaim } from './claim-due.js';
import { forfeitGrants } from './forfeit-grants.js';
import { loadClaimed } from './load-claimed.js';
import { reclaim, sweepClaims } from './reclaim.js';
import { settle } from './settle.js';

let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await testDatabase();
  db = openPinned(database.url);
}, 60_000);

// Whatever another rule left behind is nobody's any more.
beforeEach(() => rowsOf(db, 'truncate due, claims, takes'));

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

  it('takes back at once what a dead sender had begun, not what it had armed and not what is in other hands', async () => {
    const { claims } = await given(4);
    const [armed, begun, unread, others] = claims;
    if (!armed || !begun || !unread || !others) throw new Error('too few were claimed');
    const [dead, alive] = [aProcess(), aProcess()];
    await loadClaimed(db, [armed, begun], dead);
    await loadClaimed(db, [others], dead);
    await loadClaimed(db, [others], alive); // read again, where its offset was not committed
    await arm(db, [anArm(armed)], dead);
    expect(await forfeitGrants(db, [dead])).toBe(1);
    expect((await reclaim(db, 50)).map(({ id }) => id)).toEqual([begun.id]);
    const states = await Promise.all(
      [armed, begun, unread, others].map(async ({ id }) => (await stored(db, id)).status),
    );
    expect(states).toEqual(['sending', 'scheduled', 'queued', 'queued']);
    expect(await Promise.all([armed, unread, others].map(({ id }) => isCovered(db, id)))).toEqual([true, true, true]);
  });

  it('leaves what a dead sender had begun and another has claimed since', async () => {
    const { claim } = await given();
    const dead = aProcess();
    await loadClaimed(db, [claim], dead);
    await expireGrants(db, [claim.id]);
    await reclaim(db, 50);
    const [again] = (await claimDue(db, aClaimRequest())).claims;
    expect(again?.epoch).toBe(claim.epoch + 2);
    expect(await forfeitGrants(db, [dead])).toBe(0);
    expect([(await stored(db, claim.id)).status, await isCovered(db, claim.id)]).toEqual(['queued', true]);
  });

  it('finds what a dead sender had begun in as many steps as there is, however much that is', async () => {
    const COPIES = 400;
    const { claims } = await given(COPIES);
    const dead = aProcess();
    for (let from = 0; from < COPIES; from += 100) await loadClaimed(db, claims.slice(from, from + 100), dead);
    const plans = new Map<string, PlanNode>();
    expect(await inVain(db, (tx) => forfeitGrants(executing(tx, plans), [dead]))).toBe(COPIES);
    const plan = plans.get('forfeit-grants');
    expect(plan && rowsRead(plan)).toBeLessThan(COPIES * 20); // not COPIES * COPIES
  });

  /** Claims what is due, lets a sender begin to work on it if it is to, and loses it. */
  const lose = async (claim: DueClaim, taken: boolean) => {
    const [again] = (await claimDue(db, aClaimRequest())).claims;
    const now = again ?? claim;
    if (taken) await loadClaimed(db, [now], aProcess());
    await expireGrants(db, [claim.id]);
    return reclaim(db, 50);
  };
  const waitMs = async (id: DueClaim['id']) => Number((await stored(db, id)).due_at) - Date.now();

  it('makes a delivery wait that was lost three times while a sender worked on it', async () => {
    const { claim } = await given();
    for (const lost of [1, 2, 3]) {
      expect(await lose(claim, true)).toMatchObject([{ id: claim.id, lost_claims: lost }]);
      expect((await waitMs(claim.id)) > 0).toBe(lost === 3);
    }
    expect(await waitMs(claim.id)).toBeGreaterThan(40_000);
    expect(await waitMs(claim.id)).toBeLessThan(80_000);
  });

  it('counts no order that never reached a sender: mail does not wait because Kafka was away', async () => {
    const { claim } = await given();
    for (let times = 0; times < 12; times += 1) {
      expect(await lose(claim, false)).toMatchObject([{ id: claim.id, lost_claims: 0, status: 'scheduled' }]);
    }
    expect(await waitMs(claim.id)).toBeLessThan(0);
  });

  it('lets it wait longer each time, and ends it at the tenth: failed, told, and put aside', async () => {
    const { claim } = await given();
    await rowsOf(db, 'update deliveries set lost_claims = 8 where id = $1', [claim.id]);
    expect(await lose(claim, true)).toMatchObject([{ status: 'scheduled', lost_claims: 9 }]);
    expect(await waitMs(claim.id)).toBeGreaterThan(0.75 * 64 * 60_000 - 5_000);
    await rowsOf(db, `update due set due_at = clock_now() where id = $1`, [claim.id]);
    await rowsOf(db, `update deliveries d set due_at = due.due_at from due where d.id = due.id and d.id = $1`, [
      claim.id,
    ]);
    expect(await lose(claim, true)).toMatchObject([{ status: 'failed', reason: 'worker_lost', lost_claims: 10 }]);
    expect(await stored(db, claim.id)).toMatchObject({ status: 'failed', reason: 'worker_lost', version: 2 });
    expect([await dueRows(db, claim.id), await isCovered(db, claim.id)]).toEqual([0, false]);
    const told = await rowsOf<{ type: string }>(db, 'select type from outbox where delivery_id = $1 order by type', [
      claim.id,
    ]);
    expect(told.map(({ type }) => type)).toEqual(['dead_letter.added', 'delivery.failed']);
    expect(await rowsOf(db, `select reason, attempts from dead_letters where delivery_id = $1`, [claim.id])).toEqual([
      { reason: 'worker_lost', attempts: 0 },
    ]);
  });

  it('never says failed of what may have arrived', async () => {
    const { claim } = await given();
    await rowsOf(db, 'update deliveries set lost_claims = 9, resends = 1 where id = $1', [claim.id]);
    expect(await lose(claim, true)).toMatchObject([{ status: 'unknown', reason: 'ambiguous' }]);
    expect(await rowsOf(db, `select from dead_letters where delivery_id = $1`, [claim.id])).toEqual([]);
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
