import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant, isolate, type Isolation } from './isolation.js';

/** The roles of the apps, and row-level security: a statement that forgets its tenant finds nothing (decision 10). */
export class IsolateTenants1800000011000 implements MigrationInterface {
  readonly name = 'IsolateTenants1800000011000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ROLES);
    for (const table of TENANT_TABLES) await runner.query(isolate(table));
    for (const table of SHARED_TABLES) await runner.query(grant(table));
    await runner.query(FUNCTIONS);
  }

  /** The roles stay: they belong to the server, and other databases of it may use them. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function open_jobs_of_all, redeem_ticket, note_keys_used, find_key, ensure_tenant;
      drop owned by mt_api, mt_worker;
    `);
    for (const { table } of TENANT_TABLES) {
      await runner.query(
        `drop policy owner on ${table}; alter table ${table} no force row level security, disable row level security;`,
      );
    }
  }
}

/** Several databases of one server may migrate at once, and roles belong to the server: whoever comes second goes on. */
const ROLES = `
do $$
declare
  role text;
  -- Since Postgres 16 who makes a role is a member at once, but not one who may act as it.
  membership text := case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end;
begin
  foreach role in array array['mt_api', 'mt_worker'] loop
    if not exists (select from pg_roles where rolname = role) then
      begin
        execute format('create role %I nologin nosuperuser nobypassrls nocreatedb nocreaterole', role);
      exception when duplicate_object or unique_violation then null;
      end;
    end if;
    for attempt in 1..10 loop
      exit when pg_has_role(current_user, role, membership);
      begin
        execute format('grant %I to current_user', role);
      exception when unique_violation or internal_error then perform pg_sleep(0.05); -- "tuple concurrently updated"
      end;
    end loop;
  end loop;
exception when insufficient_privilege then
  raise exception '% may not make the roles mt_api and mt_worker, or not act as them; as an administrator: create role mt_api; create role mt_worker; grant mt_api, mt_worker to %',
    current_user, current_user using errcode = 'insufficient_privilege';
end $$;
grant usage on schema public to mt_api, mt_worker;
`;

const ALL = 'select, insert, update, delete';

const TENANT_TABLES: readonly Isolation[] = [
  { table: 'tenants', column: 'id', api: 'select', worker: 'select' },
  { table: 'api_keys', api: 'select, insert, update', worker: 'select (tenant_id, id, mode)' },
  { table: 'realtime_tickets', api: 'select, insert', worker: 'select (hash, expires_at), delete' },
  { table: 'tenant_settings', api: 'select, insert, update', worker: 'select' },
  { table: 'idempotency_keys', api: ALL, worker: 'select, delete' },
  { table: 'emails', api: ALL, worker: ALL },
  { table: 'email_attachments', api: ALL, worker: 'select, delete' },
  { table: 'email_tags', api: ALL, worker: 'select, delete' },
  { table: 'deliveries', api: ALL, worker: ALL },
  { table: 'due', api: ALL, worker: ALL },
  { table: 'expiring', api: ALL, worker: ALL },
  { table: 'attempts', api: 'select, insert, update', worker: ALL },
  { table: 'outbox', api: 'select, insert', worker: ALL },
  { table: 'jobs', api: ALL, worker: ALL },
  { table: 'open_jobs', api: ALL, worker: ALL },
  { table: 'suppressions', api: ALL, worker: ALL },
  { table: 'dead_letters', api: ALL, worker: ALL },
  { table: 'sandbox_messages', api: 'select, delete', worker: ALL },
  { table: 'sandbox_refusals', api: 'select, delete', worker: ALL },
];

/** They name no tenant, or many. */
const SHARED_TABLES: readonly Omit<Isolation, 'column'>[] = [
  { table: 'migrations', api: 'select', worker: 'select' },
  { table: 'processes', api: 'select, insert, update', worker: ALL },
  { table: 'duties', api: 'select, insert, update', worker: ALL },
  { table: 'breakers', api: 'select', worker: ALL },
  { table: 'relay_cursor', api: 'select', worker: 'select, update' },
  { table: 'claims', worker: ALL },
  { table: 'takes', worker: ALL },
  { table: 'sandbox_attempts', worker: ALL },
];

/** All that reaches over tenants on behalf of a caller: who is it, and what is there to do. They run as the owner. */
const FUNCTIONS = `
create function ensure_tenant(new_id uuid, tenant_name text) returns setof uuid
  language sql volatile security definer set search_path = public, pg_temp
  as $$
    with made as (
      insert into tenants (id, name) values (new_id, tenant_name) on conflict (name) do nothing returning id
    )
    select id from made union all select t.id from tenants t where t.name = tenant_name limit 1
  $$;

create function find_key(key_hash bytea)
  returns table (tenant_id uuid, id uuid, mode text, scopes text[], tenant text)
  language sql stable security definer set search_path = public, pg_temp
  as $$
    select k.tenant_id, k.id, k.mode, k.scopes, t.name from api_keys k join tenants t on t.id = k.tenant_id
    where k.hash = key_hash and k.revoked_at is null and (k.expires_at is null or k.expires_at > clock_now())
  $$;

create function note_keys_used(tenants uuid[], keys uuid[]) returns void
  language sql volatile security definer set search_path = public, pg_temp
  as $$
    update api_keys k set last_used_at = clock_now() from unnest(tenants, keys) as used (tenant_id, id)
    where k.tenant_id = used.tenant_id and k.id = used.id
      and (k.last_used_at is null or k.last_used_at < clock_now() - interval '1 minute')
  $$;

create function redeem_ticket(ticket_hash bytea)
  returns table (tenant_id uuid, mode text, key_id uuid, scopes text[], topics text[])
  language sql volatile security definer set search_path = public, pg_temp
  as $$
    with used as (
      delete from realtime_tickets r where r.hash = ticket_hash
      returning r.tenant_id, r.mode, r.key_id, r.scopes, r.topics, r.expires_at
    )
    select u.tenant_id, u.mode, u.key_id, u.scopes, u.topics from used u
    where u.expires_at > clock_now()
      and (u.key_id is null or exists (
        select from api_keys k where k.tenant_id = u.tenant_id and k.id = u.key_id
          and k.revoked_at is null and (k.expires_at is null or k.expires_at > clock_now())))
  $$;

create function open_jobs_of_all() returns table (id uuid, tenant_id uuid, has_rows boolean)
  language sql stable security definer set search_path = public, pg_temp
  as $$
    select o.job_id, o.tenant_id, o.has_rows from open_jobs o order by o.job_id
  $$;

revoke all on function ensure_tenant, find_key, note_keys_used, redeem_ticket, open_jobs_of_all from public;
grant execute on function ensure_tenant, find_key, note_keys_used, redeem_ticket, open_jobs_of_all to mt_api, mt_worker;
`;
