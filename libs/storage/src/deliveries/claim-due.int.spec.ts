import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openPinned, testDatabase, type TestDatabase } from '#testing';
import type { Database } from '../database.js';
import { createEmails } from '../emails/create-emails.js';
import { aClaimRequest, aCopy, anEmail, dueRows, isCovered, stored } from '../testing/builders.js';
import { openTransaction, rowsOf } from '../testing/spec-database.js';
import { claimDue } from './claim-due.js';

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

const at = (ms: number) => new Date(Date.now() + ms);
const ids = async (wish: Parameters<typeof aClaimRequest>[0] = {}) =>
  (await claimDue(db, aClaimRequest(wish))).claims.map(({ id }) => id);

describe('a claim', () => {
  it('takes what is due to `queued` under the next epoch, out of the queue and into the books of the reconciler', async () => {
    const copy = aCopy();
    const { id } = copy;
    const email = anEmail({ deliveries: [copy] });
    await createEmails(db, [email]);

    const { claims, nowMs } = await claimDue(db, aClaimRequest());

    expect(claims).toMatchObject([{ tenantId: email.tenantId, id, epoch: 1, mode: 'test' }]);
    expect(nowMs).toBeGreaterThanOrEqual(claims[0]?.dueMs ?? Infinity);
    expect(await stored(db, id)).toMatchObject({ status: 'queued', epoch: 1, version: 1, attempt: 0 });
    expect([await dueRows(db, id), await isCovered(db, id)]).toEqual([0, true]);
    expect(await claimDue(db, aClaimRequest())).toEqual({ claims: [], nowMs: undefined, isLed: false });
  });

  it('is good for its grant from the later of now and the due time', async () => {
    const copy = aCopy();
    const { id } = copy;
    await createEmails(db, [anEmail({ scheduledAt: at(60_000), deliveries: [copy] })]);
    await claimDue(db, aClaimRequest({ lookAheadMs: 120_000, grantSeconds: 20 }));
    const { grant_until, due_at } = await stored(db, id);
    expect(Number(grant_until) - Number(due_at)).toBe(20_000);
  });

  it('leaves the future, the other lane and what lies below its watermark', async () => {
    const [past, future, bulk] = [
      anEmail({ scheduledAt: at(-5_000) }),
      anEmail({ scheduledAt: at(3_600_000) }),
      anEmail({ lane: 'bulk', scheduledAt: at(-5_000) }),
    ];
    await createEmails(db, [past, future, bulk]);
    expect(await ids({ watermarkMs: Date.now() - 1_000 })).toEqual([]);
    expect(await ids()).toEqual([past.deliveries[0]?.id]);
    expect(await ids({ lane: 'bulk' })).toEqual([bulk.deliveries[0]?.id]);
  });

  it('takes the oldest first, and no more than its batch', async () => {
    const emails = [3, 1, 2].map((seconds) => anEmail({ scheduledAt: at(-seconds * 1_000) }));
    await createEmails(db, emails);
    const oldestFirst = [0, 2, 1].map((i) => emails[i]?.deliveries[0]?.id);
    const claimed = [...(await ids({ batch: 1 })), ...(await ids({ batch: 1 })), ...(await ids({ batch: 1 }))];
    expect(claimed).toEqual(oldestFirst);
  });

  it('sees a delivery that was committed late, below everything claimed before, as soon as it is there', async () => {
    const late = anEmail();
    const { tx, commit } = await openTransaction(db);
    await createEmails(tx, [late]);
    const punctual = Array.from({ length: 3 }, () => anEmail());
    await createEmails(db, punctual);
    expect(await ids()).toHaveLength(3);
    expect(await ids()).toEqual([]);
    await commit();
    expect(await ids()).toEqual([late.deliveries[0]?.id]);
  });

  it('never waits for a delivery that somebody is changing', async () => {
    const [locked, free] = [anEmail(), anEmail()];
    await createEmails(db, [locked, free]);
    const { tx, commit } = await openTransaction(db);
    await rowsOf(tx, 'select from deliveries where email_id = $1 for no key update', [locked.id]);
    expect(await ids()).toEqual([free.deliveries[0]?.id]);
    await commit();
    expect(await ids()).toEqual([locked.deliveries[0]?.id]);
  });

  it('tells no delivery twice to pollers that claim at the same time, and misses none', async () => {
    const email = anEmail({ deliveries: Array.from({ length: 400 }, () => aCopy()) });
    await createEmails(db, [email]);
    const poll = async (): Promise<string[]> => {
      const got = await ids({ batch: 20 });
      return got.length === 0 ? [] : [...got, ...(await poll())];
    };
    const all = (await Promise.all([poll(), poll(), poll()])).flat();
    const rest = await ids();
    expect([...all, ...rest].toSorted()).toEqual(email.deliveries.map(({ id }) => id).toSorted());
  });
});

it('whoever makes something due soon wakes the pollers', async () => {
  let woken = 0;
  const heard: { resolve: () => void } = { resolve: () => undefined };
  const bell = new Promise<void>((resolve) => (heard.resolve = resolve));
  const stop = db.listen('mailtide_due', () => {
    woken += 1;
    heard.resolve();
  });
  const knock = setInterval(() => void createEmails(db, [anEmail()]), 50);
  await bell;
  clearInterval(knock);
  await stop();
  expect(woken).toBeGreaterThan(0);
});
