import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { campaignScope, type LimitRule, type ProcessId, type ProviderId, type TenantId } from '#domain';
import {
  arm,
  changeLimit,
  claimDue,
  createLimit,
  type Database,
  type DueClaim,
  freeDeferred,
  holdLine,
  newId,
  planFreeing,
  readyLines,
  type Queryable,
  releaseClaims,
  removeLimit,
} from '#storage';
import { createLog } from '#telemetry';
import { openPinned, specStatement, testDatabase, type TestDatabase } from '#testing';
import { storeCampaign } from '../testing/store-campaign.js';
import { storeEmails } from '../testing/store-emails.js';
import { ClaimLines } from './claim-lines.js';

const log = createLog({ app: 'poller', level: 'silent', pretty: false });
let database: TestDatabase;
let db: Database;
let tenantId: TenantId;

beforeAll(async () => {
  database = await testDatabase();
  db = openPinned(database.url, 6);
}, 60_000);
beforeEach(async () => {
  tenantId = newId<TenantId>();
  // The lines of the test before are nobody's any more.
  await db.query({ ...specStatement('update lines set paused = true'), values: [] });
});
afterAll(async () => {
  await db.stop();
  await database.drop();
});

const rolling = (max: number, wish: Partial<LimitRule> = {}): LimitRule => ({
  max,
  windowSeconds: 3_600,
  mode: 'rolling',
  timeZone: null,
  burst: null,
  ...wish,
});
const aPoller = (from = db) =>
  new ClaimLines({ lane: 'bulk', db: from, poller: newId<ProcessId>(), batch: 1_000, grantSeconds: 20, log });

/** What one look at the lines takes. */
async function look(poller = aPoller()): Promise<DueClaim[]> {
  const taken: DueClaim[] = [];
  await poller.run((claims) => taken.push(...claims.filter((claim) => claim.tenantId === tenantId)));
  return taken;
}
const rows = async <Row extends object>(text: string): Promise<Row[]> =>
  (await db.query<Row & Record<string, unknown>>({ ...specStatement(text), values: [tenantId] })).rows;
const wakeAll = () => rows('update lines set next_at = clock_now() where tenant_id = $1');
const used = async () =>
  (await rows<{ used: number }>('select coalesce(sum(used), 0)::int as used from limit_usage where tenant_id = $1'))[0]
    ?.used;

const ownerOf = (ids: readonly unknown[]) => ({
  ...specStatement('select tenant_id from deliveries where id = any ($1::uuid[])'),
  values: [ids],
});

const usedOf = async (limit: { readonly id: string } | undefined, table = 'limit_usage') =>
  (
    await rows<{ used: number }>(
      `select coalesce(sum(used), 0)::int as used from ${table} where tenant_id = $1 and limit_id = '${limit?.id}'`,
    )
  )[0]?.used;

const MISSED = `select from deliveries where tenant_id = $1 and status = 'expired' and reason = 'missed'`;

/** Claims of this spec's tenant that are made and not committed until they are let go; those of others go their way. */
class HeldClaims {
  private reach = (): void => undefined;
  letGo = (): void => undefined;
  readonly isReached = new Promise<void>((resolve) => (this.reach = resolve));
  private readonly end = new Promise<void>((resolve) => (this.letGo = resolve));

  constructor(private readonly of: Database) {}

  query: Queryable['query'] = (query) => this.of.query(query);

  transaction = <T>(work: (tx: Queryable) => Promise<T>): Promise<T> =>
    this.of.transaction(async (tx) => {
      const result = await work(tx);
      const made = { ...specStatement('select from claims where tenants[1] = $1'), values: [tenantId] };
      if ((await tx.query(made)).rows.length > 0) {
        this.reach();
        await this.end;
      }
      return result;
    });
}

/** Fails where what should wait for a lock ends instead. */
async function isWaitedFor(work: Promise<unknown>): Promise<void> {
  const text = `select $1::uuid from pg_locks l join pg_database d on d.oid = l.database and d.datname = current_database()
    where l.locktype = 'advisory' and not l.granted`;
  const isOver = work.then(() => 'over' as const);
  for (;;) {
    const seen = await Promise.race([isOver, rows(text)]);
    if (seen === 'over') throw new Error('it did not wait');
    if (seen.length > 0) return;
  }
}

describe('a claim from lines', () => {
  it('takes all of a line without limits', async () => {
    await storeCampaign(db, { tenantId, copies: 300 });
    expect(await look()).toHaveLength(300);
    expect(await rows('select from claims where tenants[1] = $1')).toHaveLength(1);
  });

  it('takes no more than its limit, charges it, and says what the rest waits for', async () => {
    const id = await storeCampaign(db, { tenantId, copies: 300, hourlyLimit: 100 });
    await rows(`update campaigns set spread = 'burst' where tenant_id = $1`);
    await rows('delete from limits where tenant_id = $1'); // it is made anew
    expect(await look()).toHaveLength(100);
    await wakeAll();
    expect(await look()).toHaveLength(0);
    expect(await used()).toBe(100);
    const [line] = await rows<{ waits_for: object[] }>('select waits_for from lines where tenant_id = $1');
    expect(line?.waits_for).toMatchObject([{ reason: 'limit', max: 100, windowSeconds: 3_600, used: 100 }]);
    expect(await rows(`select from limits where tenant_id = $1 and scope = '${campaignScope(id)}'`)).toHaveLength(1);
  });

  it('gets back what was granted and given up', async () => {
    await storeCampaign(db, { tenantId, copies: 30, rules: [rolling(10, { windowSeconds: 120 })] });
    await releaseClaims(db, await look());
    expect(await used()).toBe(0);
    expect(await look()).toHaveLength(10);
  });

  it('keeps a fifth of what all share for the transactional lane', async () => {
    await createLimit(db, tenantId, 'tenant', [rolling(100)]);
    await storeCampaign(db, { tenantId, copies: 300 });
    expect(await look()).toHaveLength(80);
  });

  it('shares what all share by weight', async () => {
    await createLimit(db, tenantId, 'tenant', [rolling(100)]);
    const light = await storeCampaign(db, { tenantId, copies: 300 });
    const heavy = await storeCampaign(db, { tenantId, copies: 300, weight: 3 });
    const taken = new Set((await look()).map(({ id }) => id));
    const copies = await rows<{ id: DueClaim['id']; email_id: string }>(
      'select id, email_id from deliveries where tenant_id = $1',
    );
    const of = (email: string) => copies.filter(({ id, email_id }) => email_id === email && taken.has(id)).length;
    expect([of(light), of(heavy)]).toEqual([20, 60]);
  });

  it('lets others pass those whose domain has to wait', async () => {
    await createLimit(db, tenantId, 'domain:gmail', [rolling(5)]);
    await storeCampaign(db, { tenantId, copies: 20, domain: 'gmail.com' });
    await storeCampaign(db, { tenantId, copies: 20 });
    expect(await look()).toHaveLength(24);
    const [waiting] = await rows<{ n: number }>(
      `select count(*)::int as n from due where tenant_id = $1 and due_at > clock_now()`,
    );
    expect(waiting?.n).toBe(16);
  });

  it('of a contact grants each recipient so many', async () => {
    await createLimit(db, tenantId, 'contact', [rolling(1, { windowSeconds: 86_400 })]);
    await storeCampaign(db, { tenantId, copies: 10 });
    await storeCampaign(db, { tenantId, copies: 10 });
    expect(await look()).toHaveLength(10);
  });

  it('takes nothing outside its windows', async () => {
    const never = new Date(Date.now() + 3 * 86_400_000)
      .toLocaleDateString('en', { weekday: 'short', timeZone: 'UTC' })
      .toLowerCase();
    await storeCampaign(db, {
      tenantId,
      copies: 10,
      windows: [{ days: [never], from: '00:00', to: '24:00', timeZone: 'UTC' }],
    });
    expect(await look()).toHaveLength(0);
    const [line] = await rows<{ waits_for: object[] }>('select waits_for from lines where tenant_id = $1');
    expect(line?.waits_for).toMatchObject([{ reason: 'window' }]);
  });

  it('ends what nobody looked at in its grace, and takes the rest; what was paused meanwhile is not late', async () => {
    const id = await storeCampaign(db, { tenantId, copies: 5 });
    const age = async (days: number) => {
      await rows(`update lines set next_at = clock_now() - interval '${days} days' where tenant_id = $1`);
      await rows(`update due set due_at = due_at - interval '${days} days' where tenant_id = $1`);
      await rows(`update deliveries set due_at = due_at - interval '${days} days' where tenant_id = $1`);
    };
    await age(2);
    await holdLine(db, { tenantId, id }, true);
    await holdLine(db, { tenantId, id }, false);
    await rows(`update campaigns set hourly_limit = 1 where tenant_id = $1`);
    expect(await look()).toHaveLength(1);
    await rows(`update campaigns set hourly_limit = null where tenant_id = $1`);
    await rows(`update lines set waits_for = null, paced_at = null where tenant_id = $1`);
    await age(2);
    await rows(`with last as (select max(id::text)::uuid as id from deliveries where tenant_id = $1),
        young as (update deliveries d set due_at = clock_now() from last where d.tenant_id = $1 and d.id = last.id returning d.id, d.due_at)
      update due set due_at = young.due_at from young where due.tenant_id = $1 and due.id = young.id`);
    expect([(await look()).length, (await look()).length]).toEqual([0, 1]);
    expect(await rows(MISSED)).toHaveLength(3);
  });

  it('looks away from a line whose email has expired', async () => {
    const id = await storeCampaign(db, { tenantId, copies: 3 });
    await rows(`update emails set expires_at = clock_now() where tenant_id = $1 and id = '${id}'`);
    expect(await look()).toEqual([]);
    expect(
      await rows("select from lines where tenant_id = $1 and next_at > clock_now() + interval '1 second'"),
    ).toHaveLength(1);
  });

  it('of one tenant that fails does not keep the others waiting', async () => {
    await storeCampaign(db, { tenantId, copies: 3, windows: [{ days: 'never' }] });
    const broken = tenantId;
    await rows(`update lines set next_at = clock_now() - interval '1 minute' where tenant_id = $1`);
    tenantId = newId<TenantId>();
    await storeCampaign(db, { tenantId, copies: 3 });
    const poller = aPoller();
    expect(await look(poller)).toHaveLength(3);
    expect(await readyLines(db, 'bulk', 10, [broken])).toMatchObject({ tenants: [] });
    await poller.run(() => undefined); // it is passed over
    tenantId = broken;
    await rows(`update lines set paused = true where tenant_id = $1`);
  });

  it('forgets what a copy waited for', async () => {
    await storeCampaign(db, { tenantId, copies: 1 });
    await rows(`update deliveries set reason = 'window' where tenant_id = $1`);
    expect(await look()).toHaveLength(1);
    expect(await rows('select reason from deliveries where tenant_id = $1')).toEqual([{ reason: null }]);
  });

  it('is called when something comes to wait in its line again', async () => {
    await storeCampaign(db, { tenantId, copies: 3 });
    const claims = await look();
    await look();
    const asleep = () =>
      rows("select from lines where tenant_id = $1 and next_at > clock_now() + interval '500 milliseconds'");
    expect(await asleep()).toHaveLength(1);
    await releaseClaims(db, claims);
    expect(await asleep()).toHaveLength(0);
    expect(await look()).toHaveLength(3);
  });

  it('under way is waited for by a limit that is made, and counted under it', async () => {
    await storeCampaign(db, { tenantId: newId<TenantId>(), copies: 1 }); // another tenant's, which comes first
    await storeCampaign(db, { tenantId, copies: 30 });
    const held = new HeldClaims(db);
    const claiming = look(aPoller(held as unknown as Database));
    await held.isReached;
    const making = db.transaction((tx) => createLimit(tx, tenantId, 'sender:acme.test', [rolling(40)]));
    await isWaitedFor(making);
    await storeCampaign(db, { tenantId, copies: 30 });
    expect(await look()).toEqual([]); // shut out
    held.letGo();
    expect(await claiming).toHaveLength(30);
    expect(await usedOf(await making)).toBe(30);
    expect(await look()).toHaveLength(2); // a fifth is kept for the transactional lane
  });

  it('that needs no line is counted under a limit that is made meanwhile, and leads what comes then into a line', async () => {
    const ids = [...(await storeEmails(db, 'transactional', [new Date(), new Date()])).keys()];
    tenantId = (await db.query<{ tenant_id: TenantId }>(ownerOf(ids))).rows[0]?.tenant_id ?? tenantId;
    const one = { lane: 'transactional' as const, watermarkMs: null, lookAheadMs: 1_000, grantSeconds: 20 };
    const claim = (from: Queryable) => claimDue(from, { ...one, batch: 1, poller: newId<ProcessId>() });
    const making = await db.transaction(async (tx) => {
      expect((await claim(tx)).claims).toHaveLength(1);
      const waiting = db.transaction((other) => createLimit(other, tenantId, 'tenant', [rolling(40)]));
      await isWaitedFor(waiting);
      expect(await claim(db)).toMatchObject({ claims: [], isLed: true });
      return { waiting };
    });
    expect(await usedOf(await making.waiting)).toBe(1);
  });

  it('under a new limit counts what is on its way and what was sent before', async () => {
    await storeCampaign(db, { tenantId, copies: 10 });
    const claims = await look();
    const asks = claims.slice(0, 4).map((claim) => ({ ...claim, contentVersion: 1, providerId: newId<ProviderId>() }));
    await arm(db, asks, newId<ProcessId>());
    await rows(`insert into attempts (tenant_id, delivery_id, epoch, attempt, phase, outcome, started_at, armed_at, ended_at)
      select tenant_id, id, epoch, 1, 'reply_received', 'accepted', clock_now(), armed_at, clock_now() from deliveries
      where tenant_id = $1 and armed_at is not null limit 2`);
    for (const scope of ['tenant', 'sender:acme.test', 'domain:example.com', 'contact'] as const) {
      const limit = await createLimit(db, tenantId, scope, [rolling(15)]);
      expect([scope, await usedOf(limit)]).toEqual([scope, 10]);
    }
    const rate = await createLimit(db, tenantId, 'sender:ada@acme.test', [rolling(15, { windowSeconds: 60 })]);
    expect(await usedOf(rate, 'limit_rates')).toBe(4);
    await createLimit(db, tenantId, 'domain:gmail', [rolling(15)]);
    expect(await rows(`select from deliveries where tenant_id = $1 and cardinality(charged) = 5`)).toHaveLength(6);
  });

  it('frees the copies that let others pass, once their limit gives more, and loses none', async () => {
    await storeCampaign(db, { tenantId, copies: 20 });
    const limit = await createLimit(db, tenantId, 'domain:example.com', [rolling(5, { windowSeconds: 86_400 })]);
    if (!limit) throw new Error('there was no limit');
    const free = async () => {
      const walk = { tenantId, scope: limit.scope };
      while ((await freeDeferred(db, walk, 4)) === 'more');
      return (await look()).length;
    };
    expect([(await look()).length, await free()]).toEqual([4, 0]); // a fifth is kept for the transactional lane
    await planFreeing(db, limit);
    const raised = await changeLimit(db, limit, [rolling(10, { windowSeconds: 86_400 })]);
    expect(await free()).toBe(4);
    await planFreeing(db, raised);
    await removeLimit(db, raised);
    expect(await free()).toBe(12);
    expect(await rows('select from due where tenant_id = $1')).toEqual([]);
    expect(await rows('select from limit_walks where tenant_id = $1')).toEqual([]);
  });

  it('whose rules change counts what was sent before it knew of it, and nothing twice', async () => {
    await storeCampaign(db, { tenantId, copies: 10 });
    const limit = await createLimit(db, tenantId, 'tenant', [rolling(100)]);
    if (!limit) throw new Error('there was no limit');
    await look();
    await rows(`insert into attempts (tenant_id, delivery_id, epoch, attempt, phase, outcome, started_at, armed_at, ended_at)
      select tenant_id, id, 0, 1, 'reply_received', 'temporary', clock_now(), clock_now() - interval '3 hours', clock_now() from deliveries
      where tenant_id = $1 limit 3`);
    expect(await usedOf(limit)).toBe(10);
    const longer = await changeLimit(db, limit, [rolling(100, { windowSeconds: 86_400 })]);
    expect(await usedOf(limit)).toBe(13);
    await changeLimit(db, longer, [rolling(100, { windowSeconds: 172_800 })]);
    expect(await usedOf(limit)).toBe(13);
    expect(await usedOf(limit, 'limit_rates')).toBe(0);
  });
});
