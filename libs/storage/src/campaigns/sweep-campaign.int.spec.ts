import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openPinned, someRecipients, storeCampaignTo, testDatabase, type TestDatabase } from '#testing';
import type { Database } from '../database.js';
import { rowsOf } from '../testing/spec-database.js';
import type { CampaignRef } from './expand-campaign.js';
import { countAudience, holdLine, lockAudience, markAudience, planSweep } from './steer-campaign.js';
import { findSweeps, sweepCampaign } from './sweep-campaign.js';

/** What waits of a cancelled campaign is ended chunk by chunk; the final event comes when nothing is in flight. */

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

async function cancelled(count: number, sending: number): Promise<CampaignRef> {
  const campaign = await storeCampaignTo(db, someRecipients(count));
  for (const status of ['queued', 'sending'])
    await rowsOf(
      db,
      `with few as (select id, due_at from deliveries where email_id = $1 order by id limit $2),
        gone as (delete from due using few where due.line = $1::text and due.due_at = few.due_at and due.id = few.id)
      update deliveries d set status = $3 from few where d.id = few.id`,
      [campaign.id, sending, status],
    );
  await db.transaction(async (tx) => {
    await lockAudience(tx, campaign, 'test');
    await markAudience(tx, campaign, 'cancelled');
    await holdLine(tx, campaign, true);
    await planSweep(tx, campaign, sending === 0);
  });
  return campaign;
}

async function sweepOut(campaign: CampaignRef): Promise<void> {
  while ((await sweepCampaign(db, campaign, 10)) === 'more');
}

const events = async ({ id }: CampaignRef) =>
  (
    await rowsOf<{ type: string; n: number }>(
      db,
      'select type, count(*)::int as n from outbox where email_id = $1 group by type order by type',
      [id],
    )
  ).map(({ type, n }) => [type, n]);

it('ends all that waits, with an event for each, and is over', async () => {
  const campaign = await cancelled(25, 0);
  await sweepOut(campaign);
  expect(await countAudience(db, campaign)).toMatchObject({ scheduled: 0, cancelled: 25 });
  expect(await rowsOf(db, 'select from due where line = $1', [campaign.id])).toEqual([]);
  expect(await events(campaign)).toEqual([['delivery.cancelled', 25]]);
  expect(await findSweeps(db, 10)).toEqual([]);
});

it('waits for what is at a server, ends what comes back, and tells the end', async () => {
  const campaign = await cancelled(12, 2);
  await sweepOut(campaign);
  expect(await countAudience(db, campaign)).toMatchObject({ sending: 2, cancelled: 10 });
  const later = await cancelled(1, 0);
  expect(await findSweeps(db, 1)).toEqual([{ tenantId: later.tenantId, id: later.id }]); // whose copies wait comes first
  await sweepOut(later);
  const [back] = await rowsOf<{ id: string }>(
    db,
    `with back as (update deliveries set status = 'scheduled', epoch = epoch + 1
        where id = (select id from deliveries where email_id = $1 and status = 'sending' limit 1) returning *)
      insert into due (line, due_at, id, tenant_id, mode) select line, due_at, id, tenant_id, mode from back returning id`,
    [campaign.id],
  );
  expect(back).toBeDefined();
  await sweepOut(campaign);
  expect(await countAudience(db, campaign)).toMatchObject({ sending: 1, cancelled: 11 });
  await rowsOf(db, `update deliveries set status = 'sent' where email_id = $1 and status = 'sending'`, [campaign.id]);
  await sweepOut(campaign);
  expect(await events(campaign)).toEqual([
    ['delivery.cancelled', 11],
    ['email.cancelled', 1],
  ]);
  expect(await findSweeps(db, 10)).toEqual([]);
});
