import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JobId, TenantId } from '#domain';
import { aCampaign, openFree, testDatabase, type TestDatabase } from '#testing';
import { createCampaign } from '../campaigns/create-campaign.js';
import type { Database, Queryable } from '../database.js';
import { newId } from '../new-id.js';
import { aCopy, anEmail } from '../testing/builders.js';
import { executing, explaining, type PlanNode, visitsTo, walksOf } from '../testing/plan.js';
import { inVain, rowsOf } from '../testing/spec-database.js';
import { retagEmail } from './change-email.js';
import { countEmails } from './count-emails.js';
import { createEmails } from './create-emails.js';
import type { NewEmail } from './new-email.js';
import { type EmailFilter, listEmails } from './list-emails.js';

const tenantId = newId<TenantId>();
const jobId = newId<JobId>();
const caller = { tenantId, mode: 'test' as const };
const page = { limit: 25, bodies: false };
const CHUNK = 10_000;
const EMAILS = 20_000;

let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await testDatabase();
  db = openFree(database.url);
}, 60_000);
afterAll(async () => {
  await db.stop();
  await database.drop();
});

/** Emails of one tenant: every thousandth is somebody's, of a job, tagged as rare, and goes to somebody; half are tagged as common. */
async function fill(): Promise<void> {
  for (let n = 0; n < EMAILS; n += CHUNK) await addEmails(n + 1, n + CHUNK);
  await rowsOf(db, 'analyze emails, deliveries, email_tags');
}

const addEmails = (from: number, to: number) =>
  rowsOf(
    db,
    `with made as (
        select n, n % 1000 = 0 as is_rare, gen_random_uuid() as id, gen_random_uuid() as delivery_id from generate_series($3::int, $4::int) n),
      e as (insert into emails (tenant_id, id, kind, class, mode, visibility, from_mailbox, to_mailboxes, cc_mailboxes, bcc_mailboxes, reply_to,
          subject, text_body, scheduled_at, grace_seconds, retry_for_seconds, on_unknown, total, created_at, updated_at, owner_id, job_id, tags)
        select $1, id, 'single', 'bulk', 'test', 'individual', 'a@acme.test', '[]', '[]', '[]', '[]', 'hi', repeat('x', 500), now(), 0, 1,
          'at_least_once', 1, now(), now(), case when is_rare then 'ada' end, case when is_rare then $2::uuid end,
          case when is_rare then '{"team":"rare"}' when n % 2 = 0 then '{"team":"common"}' else '{}' end::jsonb from made),
      t as (insert into email_tags select $1, 'test', 'team', case when is_rare then 'rare' else 'common' end, id from made where n % 2 = 0)
      insert into deliveries (tenant_id, id, email_id, lane, line, mode, role, mailbox, address, recipient_key, status, due_at, eligible_at, created_at)
      select $1, delivery_id, id, 'bulk', 'bulk', 'test', 'to', 'x', 'x', n || '@example.com',
        'sent', now(), now(), now() from made`,
    [tenantId, jobId, from, to],
  );

describe('a list of many emails', () => {
  beforeAll(fill, 600_000);

  it.each<[string, EmailFilter]>([
    ['an owner', { ownerId: 'ada' }],
    ['an owner who has none', { ownerId: 'nobody' }],
    ['a job', { jobId }],
    ['a recipient', { recipientKey: '7@example.com' }],
    ['a recipient who has none', { recipientKey: 'nobody@example.com' }],
    ['a rare tag', { tags: { team: 'rare' } }],
    ['an unknown tag', { tags: { team: 'none' } }],
    ['a common tag of a rare owner', { tags: { team: 'common' }, ownerId: 'ada' }],
    ['nothing in particular', {}],
  ])('is found by its indexes for %s, by those who see one tenant only', async (_what, filter) => {
    const plans = new Map<string, PlanNode>();
    await inVain(db, async (tx) => {
      await rowsOf(tx, 'set local role mt_api');
      await rowsOf(tx, `select set_config('app.tenants', $1, true)`, [`{${tenantId}}`]);
      await listEmails(explaining(tx, plans), caller, filter, page);
    });
    const walks = [...plans.values()].flatMap((plan) => walksOf(plan, { tables: [], indexWalks: false }));
    expect(walks).toEqual([]);
  });
});

describe('a list by the status of copies', () => {
  const ofCampaign = { ...caller, tenantId: newId<TenantId>() };
  const campaign = aCampaign({ tenantId: ofCampaign.tenantId });
  const COPIES = 20_000;
  const found = async (tx: Queryable, statuses: EmailFilter['statuses']) =>
    (await listEmails(tx, ofCampaign, { statuses }, page)).rows.map(({ id }) => id);

  beforeAll(async () => {
    await db.transaction((tx) => createCampaign(tx, campaign));
    await rowsOf(
      db,
      `insert into deliveries (tenant_id, id, email_id, lane, line, mode, role, mailbox, address, recipient_key, status, counted, due_at, eligible_at, created_at)
      select $1, gen_random_uuid(), $2::uuid, 'bulk', $2::uuid::text, 'test', 'to', 'x', 'x', n || '@example.com', 'sent', true, now(), now(), now()
      from generate_series(1, $3::int) n`,
      [ofCampaign.tenantId, campaign.id, COPIES],
    );
    await rowsOf(db, 'analyze emails, deliveries, email_counters');
  }, 120_000);

  it('reads no copy of a campaign, whether one of so many is in it or none', async () => {
    for (const [status, isThere] of [
      ['sent', true],
      ['failed', false],
    ] as const) {
      const plans = new Map<string, PlanNode>();
      await inVain(db, async (tx) => {
        await rowsOf(tx, 'set local role mt_api');
        await rowsOf(tx, `select set_config('app.tenants', $1, true)`, [`{${ofCampaign.tenantId}}`]);
        expect(await found(executing(tx, plans), [status])).toEqual(isThere ? [campaign.id] : []);
      });
      expect([...plans.values()].flatMap((plan) => visitsTo(plan, 'deliveries'))).toEqual([]);
    }
  });

  it('knows a paused campaign while it has copies to send, or some to make', async () => {
    const note = (set: string) => rowsOf(db, `update ${set} where tenant_id = $1`, [ofCampaign.tenantId]);
    await note(`emails set status = 'paused'`);
    expect(await found(db, ['paused'])).toEqual([]);
    await note(`campaigns set expanding = true`);
    expect(await found(db, ['paused', 'failed'])).toEqual([campaign.id]);
    await note(`campaigns set expanding = false`);
    await rowsOf(db, `insert into email_counters (tenant_id, email_id, slot, queued) values ($1, $2, 99, 1)`, [
      ofCampaign.tenantId,
      campaign.id,
    ]);
    expect(await found(db, ['paused'])).toEqual([campaign.id]);
    expect(await found(db, ['sending', 'queued'])).toEqual([campaign.id]);
  });
});

describe('a list', () => {
  const tenant = { tenantId: newId<TenantId>(), mode: 'test' as const };
  const ofTenant = (wish: Partial<NewEmail> = {}) => anEmail({ tenantId: tenant.tenantId, ...wish });
  const to = (address: string) => [{ ...aCopy(), address, recipientKey: address }];
  const job = newId<JobId>();
  const red = ofTenant({ tags: { colour: 'red', size: 'l' }, ownerId: 'ada' });
  const blue = ofTenant({ tags: { colour: 'blue', size: 'l' }, jobId: job });
  const plain = ofTenant({ class: 'otp', deliveries: [...to('ada@example.com'), ...to('bob@example.com')] });
  const emails = [red, blue, plain];
  const found = async (filter: EmailFilter) =>
    (await listEmails(db, tenant, filter, page)).rows.map(({ id }) => emails.findIndex((email) => email.id === id));

  beforeAll(() => createEmails(db, [...emails, anEmail({ tags: { colour: 'red' }, jobId: job })]));

  it.each<[string, EmailFilter, number[]]>([
    ['a tag', { tags: { size: 'l' } }, [1, 0]],
    ['two tags', { tags: { size: 'l', colour: 'red' } }, [0]],
    ['a tag with another value', { tags: { colour: 'green' } }, []],
    ['a recipient', { recipientKey: 'ada@example.com' }, [2]],
    ['a recipient and a tag', { recipientKey: 'bob@example.com', tags: { size: 'l' } }, [1, 0]],
    ['a job', { jobId: job }, [1]],
    ['an owner', { ownerId: 'ada' }, [0]],
    ['a kind', { kinds: ['campaign'] }, []],
    ['classes', { classes: ['otp', 'bulk'] }, [2]],
    ['a time when nothing was created', { createdBefore: new Date('2020-01-01') }, []],
    ['any time since', { createdFrom: new Date('2020-01-01') }, [2, 1, 0]],
  ])('holds the emails of one tenant with %s, newest first', async (_what, filter, expected) => {
    expect(await found(filter)).toEqual(expected);
    expect(await countEmails(db, tenant, filter)).toBe(expected.length);
  });

  it.each<EmailFilter>([{}, { tags: { size: 'l' } }, { recipientKey: 'bob@example.com' }])(
    'of %j goes on behind and before an email',
    async (filter) => {
      const all = (await listEmails(db, tenant, filter, page)).rows.map(({ id }) => id);
      const [first, second] = all;
      const behind = await listEmails(db, tenant, filter, { ...page, after: first });
      const before = await listEmails(db, tenant, filter, { ...page, before: second });
      expect(behind.rows.map(({ id }) => id)).toEqual(all.slice(1));
      expect(before.rows.map(({ id }) => id)).toEqual([first]);
    },
  );

  it('follows an edit of tags', async () => {
    await retagEmail(db, { ...tenant, emailId: blue.id }, blue.tags, { colour: 'green', size: 'l' });
    await rowsOf(db, `update emails set tags = '{"colour":"green","size":"l"}' where id = $1`, [blue.id]);
    expect([await found({ tags: { colour: 'blue' } }), await found({ tags: { colour: 'green', size: 'l' } })]).toEqual([
      [],
      [1],
    ]);
  });
});
