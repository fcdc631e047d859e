import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { aCampaign, openPinned, someRecipients, testDatabase, type TestDatabase } from '#testing';
import { addRecipients } from './campaigns/add-recipients.js';
import { createCampaign } from './campaigns/create-campaign.js';
import { expandChunk, holdExpansion } from './campaigns/expand-campaign.js';
import type { Database, Queryable } from './database.js';
import { arm } from './deliveries/arm.js';
import { releaseClaims, renewGrants } from './deliveries/hold-claims.js';
import { loadClaimed } from './deliveries/load-claimed.js';
import { settle } from './deliveries/settle.js';
import { whyRefused } from './deliveries/why-refused.js';
import { peekLine, takeCopies } from './lines/take-copies.js';
import { endExpired } from './misfire/end-expired.js';
import { anArm, aProcess, aRetry, aSettle } from './testing/builders.js';
import { executing, type PlanNode, rowsRead } from './testing/plan.js';
import { rowsOf } from './testing/spec-database.js';

/**
 * The first campaign of a fresh installation: thousands of copies of one email, and nothing analysed. An index that leads to
 * the email looks as good as one that leads to the copy, and a plan that takes it reads the campaign once for each copy.
 */

const COPIES = 6_000;
const BATCH = 100;
const campaign = aCampaign({
  render: 'liquid',
  text: 'Hi {{ name }}',
  audience: { expanding: true, recipients: COPIES, merged: 0, rejected: 0 },
});
const { tenantId, id: emailId } = campaign;

let database: TestDatabase;
let db: Database;
const plans = new Map<string, PlanNode>();

beforeAll(async () => {
  database = await testDatabase();
  db = openPinned(database.url);
  for (const table of ['deliveries', 'due', 'emails', 'claims', 'campaign_recipients', 'suppressions', 'attempts'])
    await rowsOf(db, `alter table ${table} set (autovacuum_enabled = off)`);
  await createCampaign(db, campaign);
  await addRecipients(db, campaign, 0, someRecipients(COPIES));
  await rowsOf(
    db,
    `insert into suppressions (tenant_id, id, mode, recipient_key, address, scope, source)
     select $1, gen_random_uuid(), 'test', n || '@gone.test', n || '@gone.test', 'all', 'manual' from generate_series(1, $2::int) n`,
    [tenantId, COPIES],
  );
  await db.transaction((tx) => live(tx, executing(tx, plans)));
}, 120_000);

afterAll(async () => {
  await db.stop();
  await database.drop();
});

/** What becomes of a campaign, statement by statement. */
async function live(tx: Queryable, watched: Queryable): Promise<void> {
  const expand = async (on: Queryable, after: number, upTo: number) => {
    await holdExpansion(tx, campaign);
    await expandChunk(on, campaign, { after, upTo, dueAt: new Date(Date.now() - 1_000), zones: [] });
  };
  await expand(tx, 0, COPIES - BATCH);
  await expand(watched, COPIES - BATCH, COPIES);
  await rowsOf(tx, `set local role mt_worker`);
  const heads = await peekLine(watched, tenantId, emailId, BATCH);
  const taking = { tenantId, lane: 'bulk', poller: aProcess(), grantSeconds: 20 } as const;
  const { claims } = await takeCopies(
    watched,
    taking,
    heads.map((copy) => ({ copy, charged: [] })),
  );
  await renewGrants(watched, claims, 20);
  await loadClaimed(watched, claims, aProcess());
  await arm(
    watched,
    claims.slice(0, 80).map((claim) => anArm(claim)),
    aProcess(),
  );
  await whyRefused(
    watched,
    claims.slice(80).map((claim) => anArm(claim)),
  );
  await releaseClaims(watched, claims.slice(90));
  await settle(
    watched,
    claims.slice(0, 80).map((claim, i) => (i % 4 === 0 ? aRetry(claim, emailId) : aSettle(claim, emailId))),
  );
  await rowsOf(
    tx,
    `with e as (update emails set expires_at = clock_now() where tenant_id = $1 and id = $2 returning *)
    insert into expiring (expires_at, tenant_id, email_id) select expires_at, tenant_id, id from e`,
    [tenantId, emailId],
  );
  await endExpired(
    { query: (query) => watched.query(query), transaction: (work) => work(watched) },
    { emails: 10, copies: BATCH },
  );
}

it.each([
  'expand-chunk',
  'peek-line',
  'take-copies',
  'renew-grants',
  'load-claimed',
  'arm',
  'why-refused',
  'release',
  'settle',
  'end-expired',
])('%s reads what it was asked for, not the campaign', (statement) => {
  const plan = plans.get(statement);
  expect(plan && rowsRead(plan)).toBeGreaterThan(0);
  expect(plan && rowsRead(plan)).toBeLessThan(20 * BATCH);
});
