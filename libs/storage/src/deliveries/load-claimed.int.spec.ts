import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DeliveryId } from '#domain';
import { openPinned, someRecipients, storeCampaignTo, testDatabase, type TestDatabase } from '#testing';
import type { NewRecipient } from '../campaigns/add-recipients.js';
import type { NewCampaign } from '../campaigns/create-campaign.js';
import type { Database } from '../database.js';
import { aProcess } from '../testing/builders.js';
import { rowsOf } from '../testing/spec-database.js';
import { type ClaimedDelivery, loadClaimed } from './load-claimed.js';

/** What a sender is given of the recipients of a campaign. */

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

async function claimed(wish: Partial<NewCampaign>, recipients: readonly NewRecipient[]): Promise<ClaimedDelivery[]> {
  const campaign = await storeCampaignTo(db, recipients, wish);
  const ids = await rowsOf<{ id: DeliveryId }>(
    db,
    `update deliveries set status = 'queued', epoch = 1, claimed_at = clock_now(), first_claimed_at = clock_now(),
       grant_until = clock_now() + interval '1 minute', due_at = due_at + interval '5 minutes' where email_id = $1 returning id`,
    [campaign.id],
  );
  const loaded = await loadClaimed(
    db,
    ids.map(({ id }) => ({ tenantId: campaign.tenantId, id, epoch: 1 })),
    aProcess(),
  );
  return loaded.toSorted((a, b) => (a.address < b.address ? -1 : 1));
}

const [plain, named] = someRecipients(2);
const recipients = [
  { ...plain, data: { points: 3, __proto__: null } },
  { ...named, name: 'Bob', mailbox: 'Bob <user-2@example.com>', data: null },
] as NewRecipient[];

describe('a copy of a campaign', () => {
  it('comes with the data and the name of its recipient where something is rendered', async () => {
    const copies = await claimed({ render: 'liquid' }, recipients);
    expect(copies).toMatchObject([
      { render: 'liquid', hasOwnData: true, recipientName: null, data: { points: 3 }, mailbox: 'user-1@example.com' },
      { render: 'liquid', hasOwnData: true, recipientName: 'Bob', data: null, mailbox: 'Bob <user-2@example.com>' },
    ]);
  });

  it('keeps the instant it was wished for when it had to wait', async () => {
    for (const { dueMs, eligibleMs } of await claimed({}, recipients)) expect(dueMs - eligibleMs).toBe(300_000);
  });

  it('comes without where nothing is', async () => {
    const copies = await claimed({ render: 'none' }, recipients);
    expect(copies).toMatchObject([
      { render: 'none', data: null },
      { render: 'none', recipientName: null, mailbox: 'Bob <user-2@example.com>' },
    ]);
  });
});
