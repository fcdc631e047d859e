import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MODES, type Mode, type TenantId } from '#domain';
import { openFree, openPinned, testDatabase, type TestDatabase } from '#testing';
import type { Database, Queryable } from '../database.js';
import { arm } from '../deliveries/arm.js';
import { claimDue } from '../deliveries/claim-due.js';
import { createEmails } from '../emails/create-emails.js';
import { aClaimRequest, anArm, anEmail, aProcess, aRetry, aTenant } from '../testing/builders.js';
import { settle } from '../deliveries/settle.js';
import { explaining, type PlanNode } from '../testing/plan.js';
import { rowsOf } from '../testing/spec-database.js';
import { listEvents } from '../timeline/list-events.js';
import { countQueue } from './stats.js';

/** The queue is counted as it stands, from its indexes, whatever others have in line. */

let database: TestDatabase;
let db: Database;
const acme = aTenant();
const other = aTenant();
const LIMITS = { atMost: 10_000, timeoutMs: 5_000 };

const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000);
const store = (tenantId: TenantId, mode: Mode, hours: readonly number[]) =>
  createEmails(
    db,
    hours.map((hour) =>
      anEmail({ tenantId, mode, scheduledAt: inHours(hour), lane: hour > 3 ? 'bulk' : 'transactional' }),
    ),
  );

/** Copies of both tenants and modes in every state that waits. */
async function fill(): Promise<void> {
  for (const tenantId of [acme, other]) {
    await store(tenantId, 'test', [-1, -1, -1, 0.5, 0.6, 5.5, 30]);
    await store(tenantId, 'live', [-1, 2.5]);
  }
  const { claims } = await claimDue(db, aClaimRequest());
  const armed = claims.filter((_, n) => n % 2 === 0);
  await arm(
    db,
    armed.map((claim) => anArm(claim)),
    aProcess(),
  );
  const [email] = await rowsOf<{ email_id: never }>(db, 'select email_id from deliveries limit 1');
  await settle(
    db,
    armed.slice(0, 2).map((claim) => aRetry(claim, email?.email_id as never)),
  );
}

beforeAll(async () => {
  database = await testDatabase();
  db = openPinned(database.url);
  await fill();
}, 60_000);
afterAll(async () => {
  await db.stop();
  await database.drop();
});

const count = (of: Database, tenantId: TenantId, mode: Mode, limits = LIMITS) =>
  of.of(tenantId).transaction((tx) => countQueue(tx, { tenantId, mode }, limits));

describe.each([
  ['acme', acme],
  ['other', other],
])('the queue of %s', (_, tenantId) => {
  it.each(MODES)('in %s mode has the sums that its deliveries have', async (mode) => {
    const [expected] = await rowsOf(
      db,
      `select count(*) filter (where status = 'scheduled')::int as scheduled, count(*) filter (where status = 'queued')::int as queued,
        count(*) filter (where status = 'sending')::int as sending,
        count(*) filter (where status = 'scheduled' and due_at <= now())::int as due,
        count(*) filter (where status = 'scheduled' and attempt > 0)::int as retrying,
        count(*) filter (where status = 'scheduled' and due_at > now() and due_at <= now() + interval '24 hours')::int as ahead
       from deliveries where tenant_id = $1 and mode = $2`,
      [tenantId, mode],
    );
    const { per_hour: perHour, ...counts } = await count(db, tenantId, mode);
    expect({ ...counts, ahead: perHour.reduce((all, one) => all + one, 0) }).toMatchObject(expected ?? {});
    expect(perHour).toHaveLength(24);
  });
});

it('counts no number further than it is told', async () => {
  const counts = await count(db, acme, 'test', { ...LIMITS, atMost: 1 });
  expect(counts).toMatchObject({ scheduled: 1, next_due_at: expect.any(Date) });
  expect(Math.max(...counts.per_hour)).toBe(1);
});

describe('beside 20,000 of another tenant', () => {
  beforeAll(async () => {
    await rowsOf(
      db,
      `insert into due (line, due_at, id, tenant_id, mode)
        select 'bulk', now() + n * interval '1 second', gen_random_uuid(), $1, 'test' from generate_series(1, 20000) n`,
      [other],
    );
    await rowsOf(
      db,
      `insert into outbox (event_id, tenant_id, mode, topic, key, type, event_version, source, actor, email_id, version, data, at)
        select gen_random_uuid(), $1, 'test', 't', 'k', 'email.created', 1, 's', 'system', gen_random_uuid(), 1, '{}', now() from generate_series(1, 20000)`,
      [other],
    );
    await rowsOf(db, 'analyze due, outbox');
  }, 60_000);

  it.each([
    ['pinned', openPinned],
    ['free', openFree],
  ])('the queue and the events are read by their indexes (%s plans)', async (_, open) => {
    const own = open(database.url, 1);
    const plans = new Map<string, PlanNode>();
    await own.transaction(async (tx: Queryable) => {
      await rowsOf(tx, 'set local role mt_api');
      await rowsOf(tx, `select set_config('app.tenants', $1, true)`, [`{${acme}}`]);
      const explained = explaining(tx, plans);
      await countQueue(explained, { tenantId: acme, mode: 'test' }, LIMITS);
      await listEvents(explained, { tenantId: acme, mode: 'test' }, {}, { after: null, limit: 25 });
    });
    await own.stop();
    const text = JSON.stringify([...plans]);
    expect(text).toContain('due_in_line');
    expect(text).toContain('outbox_of_tenant');
    expect(text).not.toMatch(/Seq Scan|due_pkey|outbox_in_order|outbox_of_email/);
  });
});
