import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TenantId } from '#domain';
import { testDatabase, type TestDatabase } from '#testing';
import { ensureKey, ensureTenant } from './callers/callers.js';
import { Database, type DatabaseRole } from './database.js';
import { createEmails } from './emails/create-emails.js';
import { anEmail } from './testing/builders.js';
import { rowsOf } from './testing/spec-database.js';
import { createTicket, redeemTicket } from './tickets/tickets.js';

let database: TestDatabase;
let owner: Database;
let api: Database;
let worker: Database;
let acme: TenantId;
let other: TenantId;

beforeAll(async () => {
  database = await testDatabase();
  [owner, api, worker] = (['owner', 'mt_api', 'mt_worker'] as const).map(open) as [Database, Database, Database];
  acme = await ensureTenant(owner, 'acme');
  other = await ensureTenant(owner, 'other');
  for (const tenantId of [acme, other]) {
    await createEmails(owner, [anEmail({ tenantId })]);
    for (const table of await tenantTables()) await fill(table, tenantId);
  }
}, 60_000);

afterAll(async () => {
  for (const db of [owner, api, worker]) await db.stop();
  await database.drop();
});

const open = (role: DatabaseRole): Database =>
  new Database({
    url: database.url,
    application: 'spec',
    maxConnections: 2,
    plans: 'free',
    role,
    onIdleError: () => {},
  });

/** Every table that says whose its rows are. */
async function tenantTables(): Promise<string[]> {
  const rows = await rowsOf<{ name: string }>(
    owner,
    `select c.relname as name from pg_class c where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
        and (c.relname = 'tenants' or exists (
          select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped))`,
  );
  return rows.map(({ name }) => name);
}

/** A row of the tenant, whatever else stands in it: no rule but the policies is looked at. */
async function fill(table: string, tenantId: TenantId): Promise<void> {
  if (table === 'tenants') return;
  const columns = await rowsOf<{ name: string; type: string }>(
    owner,
    `select a.attname as name, format_type(a.atttypid, a.atttypmod) as type from pg_attribute a
      where a.attrelid = $1::text::regclass and a.attnum > 0 and not a.attisdropped and a.attnotnull and not a.atthasdef
        and a.attidentity = '' and a.attname <> 'tenant_id'`,
    [table],
  );
  const names = ['tenant_id', ...columns.map(({ name }) => name)].join(', ');
  const values = [`'${tenantId}'`, ...columns.map(({ type }) => anyValue(type))].join(', ');
  await owner.transaction(async (tx) => {
    const checks = await rowsOf<{ name: string }>(
      tx,
      `select conname as name from pg_constraint where conrelid = $1::text::regclass and contype = 'c'`,
      [table],
    );
    for (const { name } of checks) await rowsOf(tx, `alter table ${table} drop constraint "${name}"`);
    await rowsOf(tx, `insert into ${table} (${names}) values (${values}) on conflict do nothing`);
  });
}

const VALUES: Readonly<Record<string, string>> = {
  uuid: 'gen_random_uuid()',
  text: 'gen_random_uuid()::text',
  bytea: `sha256(gen_random_uuid()::text::bytea)`,
  json: `'{}'`,
  jsonb: `'{}'`,
  'timestamp with time zone': 'clock_now()',
  boolean: 'true',
  'text[]': `'{}'`,
  'uuid[]': `'{}'`,
  'integer[]': `'{}'`,
};
const anyValue = (type: string): string => VALUES[type] ?? '1';

/** Whose rows a statement shows. */
const tenantsIn = async (db: Pick<Database, 'query'>, table: string): Promise<string[]> => {
  const column = table === 'tenants' ? 'id' : 'tenant_id';
  const rows = await rowsOf<{ tenant: string }>(db, `select distinct ${column} as tenant from ${table}`);
  return rows.map(({ tenant }) => tenant).toSorted();
};

describe('every table of tenants', () => {
  it('forces row-level security on all but superusers', async () => {
    const bare = await rowsOf<{ name: string }>(
      owner,
      `select relname as name from pg_class where relname = any ($1::text[]) and not (relrowsecurity and relforcerowsecurity)`,
      [await tenantTables()],
    );
    expect(bare).toEqual([]);
  });

  it('has policies for the owner and both roles, and for nobody else', async () => {
    const found = await rowsOf<{ name: string; roles: string[] }>(
      owner,
      `select p.tablename as name, array_agg(p.policyname::text order by p.policyname) as roles from pg_policies p
        where p.schemaname = 'public' group by p.tablename`,
    );
    const expected = (await tenantTables()).map((name) => ({ name, roles: ['api', 'owner', 'worker'] }));
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
    expect(found.toSorted(byName)).toEqual(expected.toSorted(byName));
  });

  it('is either a table of tenants or one that names none', async () => {
    const rest = await rowsOf<{ name: string }>(
      owner,
      `select relname as name from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace
          and relname <> all ($1::text[]) order by relname`,
      [await tenantTables()],
    );
    // Whoever adds one here says that no caller may learn of another tenant by it.
    expect(rest.map(({ name }) => name)).toEqual([
      'breakers',
      'claims',
      'consumer_progress',
      'duties',
      'migrations',
      'processes',
      'relay_cursor',
      'sandbox_attempts',
      'takes',
      'tzdata',
    ]);
  });
});

describe('the role of the API', () => {
  it('sees of every table what its transaction names, even without a WHERE', async () => {
    for (const table of await tenantTables()) {
      expect([table, await tenantsIn(owner, table)]).toEqual([table, [acme, other].toSorted()]);
      expect([table, await tenantsIn(api.of(acme), table)]).toEqual([table, [acme]]);
    }
  });

  it('sees nothing where no tenant is named, and all of several that are', async () => {
    for (const table of await tenantTables()) {
      expect([table, await tenantsIn(api, table)]).toEqual([table, []]);
      expect([table, await tenantsIn(api.of(acme, other), table)]).toEqual([table, [acme, other].toSorted()]);
    }
  });

  it('names its tenants for one transaction only', async () => {
    const one = open('mt_api');
    await tenantsIn(one.of(acme), 'emails');
    expect(await tenantsIn(one, 'emails')).toEqual([]);
    await one.stop();
  });

  it.each([
    ['writes', () => createEmails(api.of(other), [anEmail({ tenantId: acme })])],
    ['takes over', () => rowsOf(api.of(other), `update emails set tenant_id = $1`, [acme])],
  ])('%s nothing of a tenant that is not named', async (_what, work) => {
    await expect(work()).rejects.toMatchObject({ code: '42501' });
  });

  it('reaches none of what belongs to all', async () => {
    for (const table of ['claims', 'takes', 'sandbox_attempts']) {
      await expect(rowsOf(api, `select from ${table}`)).rejects.toMatchObject({ code: '42501' });
    }
  });
});

describe('the role of the workers', () => {
  it('sees the queue of all tenants', async () => {
    expect(await tenantsIn(worker, 'due')).toEqual([acme, other].toSorted());
  });

  it.each(['select hash from api_keys', 'select topics from realtime_tickets'])('may not: %s', async (text) => {
    await expect(rowsOf(worker, text)).rejects.toMatchObject({ code: '42501' });
  });
});

describe('a ticket', () => {
  it('is redeemed across tenants, and once', async () => {
    const asked = { tenantId: acme, mode: 'live', keyId: null, scopes: ['emails:read'], topics: ['*'] } as const;
    const made = await createTicket(api.of(acme), asked);
    expect(await redeemTicket(api, made?.ticket ?? '')).toEqual(asked);
    expect(await redeemTicket(api, made?.ticket ?? '')).toBeUndefined();
  });

  it('is good for 60 s', async () => {
    const made = await createTicket(api.of(acme), {
      tenantId: acme,
      mode: 'live',
      keyId: null,
      scopes: [],
      topics: [],
    });
    await rowsOf(owner, `update realtime_tickets set expires_at = clock_now() - interval '1 ms'`);
    expect(await redeemTicket(api, made?.ticket ?? '')).toBeUndefined();
  });

  it('of a key that was revoked meanwhile is dead', async () => {
    await ensureKey(owner, { secret: 'mt_live_x', tenantId: acme, name: 'x', scopes: [] });
    const [key] = await rowsOf<{ id: never }>(owner, `select id from api_keys where name = 'x'`);
    const of = { tenantId: acme, mode: 'live', keyId: key?.id ?? null, scopes: [], topics: [] } as const;
    const made = await createTicket(api.of(acme), of);
    await rowsOf(owner, `update api_keys set revoked_at = clock_now() where name = 'x'`);
    expect(await redeemTicket(api, made?.ticket ?? '')).toBeUndefined();
    expect(await createTicket(api.of(acme), of)).toBeUndefined();
  });
});
