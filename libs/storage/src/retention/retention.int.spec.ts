import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DELIVERY_STATUSES, type DeliveryStatus, isFinal, type TenantId } from '#domain';
import { openPinned, testDatabase, type TestDatabase } from '#testing';
import type { Database, Queryable } from '../database.js';
import { newId } from '../new-id.js';
import { rowsOf } from '../testing/spec-database.js';
import { forgetOld } from './retention.js';

let database: TestDatabase;
let db: Database;
let tenant: TenantId;

beforeAll(async () => {
  database = await testDatabase();
  db = openPinned(database.url);
}, 60_000);
beforeEach(async () => {
  await rowsOf(
    db,
    `truncate tenants, emails, deliveries, attempts, outbox, dead_letters, email_attachments, sandbox_messages, sandbox_refusals,
    sandbox_attempts, idempotency_keys, suppressions, jobs, processes, realtime_tickets, consumer_progress cascade`,
  );
  tenant = newId<TenantId>();
  await rowsOf(db, `insert into tenants (id, name) values ($1, 'acme')`, [tenant]);
});
afterAll(async () => {
  await db.stop();
  await database.drop();
});

const run = (on: Queryable = db, limits = { emails: 50, rows: 100 }) =>
  forgetOld(on, { days: 90, limits, breathe: () => Promise.resolve() });

/** The id of something made so many days ago. */
const idOf = (daysAgo: number): string => {
  const ms = (Date.now() - daysAgo * 86_400_000).toString(16).padStart(12, '0');
  return `${ms.slice(0, 8)}-${ms.slice(8)}-${newId().slice(14)}`;
};

interface Copy {
  readonly status: DeliveryStatus;
  /** Days since it ended. */
  readonly ended: number;
}

/** Plants an email that was made so many days ago, with everything that an email can leave behind. */
async function plant(made: number, copies: readonly Copy[], jobId: string | null = null): Promise<string> {
  const id = idOf(made);
  await rowsOf(
    db,
    `insert into emails (tenant_id, id, kind, class, mode, visibility, from_mailbox, to_mailboxes, cc_mailboxes, bcc_mailboxes, reply_to, subject,
      scheduled_at, grace_seconds, retry_for_seconds, on_unknown, total, job_id, created_at, updated_at)
    select $1::uuid, $2::uuid, 'single', 'bulk', 'test', 'individual', 'a', '[]', '[]', '[]', '[]', 's', at, 1, 1, 'at_most_once', 1, $4::uuid, at, at
      from (select clock_now() - $3::int * interval '1 day' as at) a`,
    [tenant, id, made, jobId],
  );
  for (const { status, ended } of copies) {
    await rowsOf(
      db,
      `with d as (insert into deliveries (tenant_id, id, email_id, lane, line, mode, role, mailbox, address, recipient_key, status, due_at, eligible_at, created_at, finished_at)
          select $1::uuid, $2::uuid, $3::uuid, 'bulk', 'bulk', 'test', 'to', 'a', 'a', 'a', $4::text, now(), now(), now(),
            case when $6::boolean then clock_now() - $5::int * interval '1 day' end),
        a as (insert into attempts (tenant_id, delivery_id, epoch, attempt, phase, outcome, started_at, ended_at) select $1, $2, 1, 1, 'envelope', 'temporary', now(), now()),
        l as (insert into dead_letters (tenant_id, id, mode, kind, reason, delivery_id, email_id, attempts, created_at)
          select $1, $2, 'test', 'delivery', 'x', $2, $3, 1, clock_now() - $5::int * interval '1 day'),
        m as (insert into sandbox_messages (tenant_id, id, delivery_id, email_id, verdict, mail_from, rcpt_to, size_bytes, raw) select $1, $2, $2, $3, 'accepted', 'a', 'a', 1, ''),
        r as (insert into sandbox_refusals (tenant_id, id, delivery_id, email_id, verdict, rcpt_to) select $1, $2, $2, $3, 'refused', 'a')
      insert into outbox (event_id, tenant_id, mode, topic, key, type, event_version, source, actor, email_id, delivery_id, version, data, at)
        select $2, $1, 'test', 't', 'k', 'delivery.sent', 1, 's', 'system', $3, $2, 1, '{}', now() - interval '100 days'`,
      [tenant, newId(), id, status, ended, isFinal(status)],
    );
  }
  await rowsOf(db, `insert into email_attachments values ($1, $2, 0, 'x')`, [tenant, id]);
  return id;
}

const TABLES = [
  'emails',
  'deliveries',
  'attempts',
  'dead_letters',
  'sandbox_messages',
  'sandbox_refusals',
  'outbox',
  'email_attachments',
];
const counts = async (): Promise<number[]> =>
  Promise.all(TABLES.map(async (table) => (await rowsOf(db, `select from ${table}`)).length));
const emailsLeft = async (): Promise<string[]> =>
  (await rowsOf<{ id: string }>(db, 'select id from emails')).map(({ id }) => id);

describe('retention', () => {
  it('forgets an email and all that belongs to it, once everything of it ended long ago', async () => {
    await plant(120, [
      { status: 'sent', ended: 100 },
      { status: 'failed', ended: 91 },
    ]);
    expect(await run()).toBeGreaterThan(0);
    expect(await counts()).toEqual(TABLES.map(() => 0));
    expect(await run()).toBe(0);
  });

  it('forgets with a campaign whom it went to, its line and its limit', async () => {
    const id = await plant(120, [{ status: 'sent', ended: 100 }]);
    await rowsOf(
      db,
      `with c as (insert into campaigns (tenant_id, email_id) values ($1, $2)),
        r as (insert into campaign_recipients (tenant_id, email_id, recipient_key, place, mailbox, address)
          select $1, $2, n::text, n, n::text, n::text from generate_series(1, 50) n),
        x as (insert into campaign_rejections (tenant_id, email_id, place, row, value, code) values ($1, $2, 1, 1, 'x', 'bad_address')),
        l as (insert into limits (tenant_id, id, scope, rules) values ($1, $2, 'campaign:' || $2::text, '[]'))
      insert into lines (line, tenant_id, lane, mode, email_id, next_at) values ($2::text, $1, 'bulk', 'test', $2, now())`,
      [tenant, id],
    );
    await run();
    const left = await Promise.all(
      ['campaigns', 'campaign_recipients', 'campaign_rejections', 'limits', 'lines'].map(
        async (table) => (await rowsOf(db, `select from ${table}`)).length,
      ),
    );
    expect(left).toEqual([0, 0, 0, 0, 0]);
  });

  it('never touches what is unfinished or young, whatever its age and its neighbours', async () => {
    const copy = fc.record({
      status: fc.constantFrom(...DELIVERY_STATUSES),
      ended: fc.integer({ min: 80, max: 100 }).filter((days) => days !== 90),
    });
    const email = fc.record({
      older: fc.integer({ min: 0, max: 300 }),
      copies: fc.array(copy, { minLength: 1, maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(email, { minLength: 1, maxLength: 6 }), async (wishes) => {
        await rowsOf(db, `truncate ${TABLES.join(', ')}`);
        const kept: string[] = [];
        for (const { older, copies } of wishes) {
          const id = await plant(101 + older, copies);
          if (!copies.every(({ status, ended }) => isFinal(status) && ended > 90)) kept.push(id);
        }
        await run();
        expect((await emailsLeft()).toSorted()).toEqual(kept.toSorted());
        const wanted = wishes.filter(
          ({ copies }) => !copies.every(({ status, ended }) => isFinal(status) && ended > 90),
        );
        const copiesLeft = wanted.reduce((sum, { copies }) => sum + copies.length, 0);
        expect(await counts()).toEqual([kept.length, ...TABLES.slice(1, -1).map(() => copiesLeft), kept.length]);
      }),
      { numRuns: 12 },
    );
  }, 60_000);

  it('goes on where it was killed: half an email is no email', async () => {
    await plant(
      120,
      Array.from({ length: 30 }, () => ({ status: 'sent' as const, ended: 100 })),
    );
    for (let statements = 1; statements < 60; statements += 1) {
      let left = statements;
      const dying: Queryable = {
        query: (query) => {
          left -= 1;
          return left < 0 ? Promise.reject(new Error('killed')) : db.query(query);
        },
      };
      await run(dying, { emails: 5, rows: 10 }).catch(() => undefined);
    }
    expect(await counts()).toEqual(TABLES.map(() => 0));
  });

  it('forgets in small steps, however large an email is', async () => {
    await plant(
      120,
      Array.from({ length: 30 }, () => ({ status: 'sent' as const, ended: 100 })),
    );
    let steps = 0;
    await forgetOld(db, { days: 90, limits: { emails: 5, rows: 10 }, breathe: async () => void (steps += 1) });
    expect(steps).toBeGreaterThanOrEqual(15);
    expect(await counts()).toEqual(TABLES.map(() => 0));
  });

  it('keeps suppressions, and emails of a job that goes on', async () => {
    const job = newId();
    await rowsOf(
      db,
      `insert into jobs (tenant_id, id, mode, kind, status, actor) values ($1, $2, 'test', 'batch', 'running', 'system')`,
      [tenant, job],
    );
    await rowsOf(
      db,
      `insert into suppressions (tenant_id, id, mode, recipient_key, address, scope, source, created_at)
      values ($1, $2, 'test', 'a', 'a', 'all', 'manual', now() - interval '900 days')`,
      [tenant, newId()],
    );
    const email = await plant(120, [{ status: 'sent', ended: 100 }], job);
    await run();
    expect(await emailsLeft()).toEqual([email]);
    await rowsOf(db, `update jobs set status = 'completed', finished_at = now() - interval '91 days'`);
    await run();
    expect([
      await emailsLeft(),
      await rowsOf(db, 'select from jobs'),
      (await rowsOf(db, 'select from suppressions')).length,
    ]).toEqual([[], [], 1]);
  });

  it('keeps a key until 30 days after the end of what it made', async () => {
    const key = async (name: string, emailId: string | null, age: number) =>
      rowsOf(
        db,
        `insert into idempotency_keys (tenant_id, mode, route, key, fingerprint, email_id, status, headers, body, created_at)
        values ($1, 'test', 'r', $2, decode(repeat('00', 32), 'hex'), $3, 201, '{}', '', now() - $4::int * interval '1 day')`,
        [tenant, name, emailId, age],
      );
    await key('over', await plant(60, [{ status: 'sent', ended: 31 }]), 60);
    await key('ended lately', await plant(60, [{ status: 'sent', ended: 29 }]), 60);
    await key('unfinished', await plant(300, [{ status: 'scheduled', ended: 0 }]), 300);
    await key('of nothing', null, 31);
    await key('young', null, 29);
    await run();
    const left = await rowsOf<{ key: string }>(db, 'select key from idempotency_keys order by key');
    expect(left.map((row) => row.key)).toEqual(['ended lately', 'unfinished', 'young']);
  });

  it('forgets old leftovers and keeps young ones', async () => {
    for (const age of [100, 80]) {
      const at = `now() - interval '${age} days'`;
      await rowsOf(
        db,
        `insert into dead_letters (tenant_id, id, mode, kind, reason, attempts, created_at) values ($1, gen_random_uuid(), 'test', 'record', 'x', 1, ${at})`,
        [tenant],
      );
      await rowsOf(
        db,
        `insert into sandbox_messages (tenant_id, id, verdict, mail_from, rcpt_to, size_bytes, raw, received_at) values ($1, gen_random_uuid(), 'accepted', 'a', 'a', 1, '', ${at})`,
        [tenant],
      );
      await rowsOf(
        db,
        `insert into outbox (event_id, tenant_id, mode, topic, key, type, event_version, source, actor, version, data, at)
        values (gen_random_uuid(), $1, 'test', 't', 'k', 'dead_letter.added', 1, 's', 'system', 0, '{}', ${at})`,
        [tenant],
      );
      await rowsOf(db, `insert into sandbox_attempts values ('${age}', 1, ${at})`);
    }
    for (const age of [8, 6]) {
      await rowsOf(
        db,
        `insert into processes (id, app, instance, host, pid, beat_at) values (gen_random_uuid(), 'sender', 's', 'h', 1, now() - interval '${age} days')`,
      );
      await rowsOf(
        db,
        `insert into realtime_tickets (hash, tenant_id, mode, scopes, topics, expires_at) values (decode(md5('${age}') || md5(''), 'hex'), $1, 'test', '{}', '{}', now() + (7 - ${age}) * interval '1 day')`,
        [tenant],
      );
    }
    for (const [hours, topic] of [
      [25, 'old'],
      [23, 'young'],
    ] as const)
      await rowsOf(
        db,
        `insert into consumer_progress values ('g', $1, 0, 1, 2, 0, gen_random_uuid(), clock_now() - $2::int * interval '1 hour')`,
        [topic, hours],
      );
    await run();
    for (const table of [
      'consumer_progress',
      'dead_letters',
      'sandbox_messages',
      'outbox',
      'sandbox_attempts',
      'processes',
      'realtime_tickets',
    ])
      expect([table, (await rowsOf(db, `select from ${table}`)).length]).toEqual([table, 1]);
  });
});
