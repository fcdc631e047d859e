import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aCampaign, openPinned, someRecipients, testDatabase, type TestDatabase } from '#testing';
import type { Database } from '../database.js';
import { rowsOf } from '../testing/spec-database.js';
import { addRecipients } from './add-recipients.js';
import { createCampaign, type NewCampaign } from './create-campaign.js';
import { type CampaignRef, expandChunk, findExpanding, holdExpansion } from './expand-campaign.js';
import { getCampaign } from './read-campaigns.js';

/** Recipients become copies, each once, whoever makes them and however often it is tried. */

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

async function stored(count: number, wish: Partial<NewCampaign> = {}): Promise<CampaignRef> {
  const campaign = aCampaign({
    ...wish,
    audience: { expanding: true, recipients: count, merged: 0, rejected: 0 },
  });
  await db.transaction(async (tx) => {
    await createCampaign(tx, campaign);
    for (let place = 0; place < count; place += 5_000) {
      await addRecipients(tx, campaign, place, someRecipients(Math.min(5_000, count - place), place + 1));
    }
  });
  return campaign;
}

const chunk = (campaign: CampaignRef, size: number): Promise<number | undefined> =>
  db.transaction(async (tx) => {
    const held = await holdExpansion(tx, campaign);
    if (!held) return undefined;
    const upTo = Math.min(held.position + size, held.lastPlace);
    return expandChunk(tx, campaign, { after: held.position, upTo, dueAt: held.scheduledAt, zones: [] });
  });

const countsOf = async ({ id }: CampaignRef) =>
  (
    await rowsOf<{ copies: number; due: number; counted: number }>(
      db,
      `select (select count(*) from deliveries where email_id = $1)::int as copies,
        (select count(*) from due where line = $1::text)::int as due,
        (select coalesce(sum(scheduled), 0) from email_counters where email_id = $1)::int as counted`,
      [id],
    )
  )[0];

describe('the making of copies', () => {
  it('goes chunk by chunk, and ends by itself', async () => {
    const campaign = await stored(25);
    expect(await findExpanding(db)).toContainEqual({ tenantId: campaign.tenantId, id: campaign.id });
    expect([await chunk(campaign, 10), await chunk(campaign, 10), await chunk(campaign, 10)]).toEqual([10, 10, 5]);
    expect(await chunk(campaign, 10)).toBeUndefined();
    expect(await countsOf(campaign)).toEqual({ copies: 25, due: 25, counted: 25 });
  });

  it('gives a recipient no second copy when a chunk is done again', async () => {
    const campaign = await stored(10);
    await chunk(campaign, 6);
    await rowsOf(db, 'update campaigns set position = 2 where email_id = $1', [campaign.id]);
    expect(await chunk(campaign, 10)).toBe(4);
    expect(await countsOf(campaign)).toEqual({ copies: 10, due: 10, counted: 10 });
  });

  it('says when the next one goes: not before it is due, and at no time when nothing waits', async () => {
    const at = new Date('2097-01-05T09:00:00Z');
    const campaign = await stored(2, { scheduledAt: at });
    const next = async () => (await getCampaign(db, { ...campaign, mode: 'test' }, campaign.id))?.next_at;
    expect(await next()).toEqual(at);
    await chunk(campaign, 2);
    await rowsOf(db, 'update lines set next_at = clock_now() where line = $1', [campaign.id]);
    expect(await next()).toEqual(at);
    await rowsOf(db, 'delete from due where line = $1', [campaign.id]);
    expect(await next()).toBeNull();
  });

  it('is done by one at a time', async () => {
    const campaign = await stored(10);
    await db.transaction(async (tx) => {
      expect(await holdExpansion(tx, campaign)).toBeDefined();
      expect(await chunk(campaign, 10)).toBeUndefined();
    });
    expect(await chunk(campaign, 10)).toBe(10);
  });
});
