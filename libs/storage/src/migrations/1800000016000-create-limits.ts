import type { MigrationInterface, QueryRunner } from 'typeorm';
import { isolate, type Isolation } from './isolation.js';

const ALL = 'select, insert, update, delete';

const TENANT_TABLES: readonly Isolation[] = [
  { table: 'limits', api: ALL, worker: ALL },
  { table: 'limit_usage', api: ALL, worker: ALL },
  { table: 'limit_rates', api: ALL, worker: ALL },
];

/** How much may be sent in how long, and what of it was used: state that outlives every process (semantics 4). */
export class CreateLimits1800000016000 implements MigrationInterface {
  readonly name = 'CreateLimits1800000016000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(CHARGING);
    for (const table of TENANT_TABLES) await runner.query(isolate(table));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop trigger charges_moved on deliveries;
      drop function charge_moved;
      drop table limit_rates, limit_usage, limits;
      alter table deliveries drop charged, drop charged_at;
    `);
  }
}

const TABLES = `
create table limits (
  tenant_id uuid not null, -- of the scope global: 00000000-0000-0000-0000-000000000000, seen by all
  id uuid not null,
  scope text not null, -- tenant, sender:..., provider:..., domain:..., campaign:..., contact, global
  rules json not null, -- [{max, windowSeconds, mode, timeZone, burst}]
  version integer not null default 1,
  created_at timestamptz not null default clock_now(),
  updated_at timestamptz not null default clock_now(),
  primary key (tenant_id, id),
  unique (tenant_id, scope)
);

-- How many grants were dated into each second. A grant is dated when it is taken or renewed; one that ends unarmed is taken out again.
create table limit_usage (
  tenant_id uuid not null,
  limit_id uuid not null,
  key text not null, -- the mode, and of the scope contact the recipient: 'live', 'live ada@example.com'
  at timestamptz not null, -- a whole second
  used integer not null,
  primary key (tenant_id, limit_id, key, at)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);

-- The same of rates: rules of up to a minute, charged at the gate.
create table limit_rates (
  tenant_id uuid not null,
  limit_id uuid not null,
  key text not null,
  at timestamptz not null, -- a whole tenth of a second
  used integer not null,
  primary key (tenant_id, limit_id, key, at)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);

alter table deliveries
  add charged uuid[], -- the limits that its grant was taken from; null: there were none
  add charged_at timestamptz; -- the second that the grant is dated
`;

/**
 * Grants move with the rows: taken where a charged copy becomes \`queued\`, dated anew where its grant is renewed, given
 * back where it leaves \`queued\` unarmed. What was armed stays used.
 */
const CHARGING = `
-- As the owner: whoever moves a copy gives back what it held of a limit of all tenants, too.
create function charge_moved() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not exists (select from after_move where charged is not null)
    and not exists (select from before_move where charged is not null) then return null; end if;
  insert into limit_usage as u (tenant_id, limit_id, key, at, used)
  select tenant_id, limit_id, key, at, sum(sign) from (
    select l.tenant_id, l.id as limit_id, case when l.scope = 'contact' then moved.mode || ' ' || moved.recipient_key else moved.mode end as key,
      date_trunc('second', moved.charged_at) as at, moved.sign
    from (
      -- What holds a grant now, and what was just armed, counts ...
      select n.tenant_id, n.mode, n.recipient_key, n.charged, n.charged_at, 1 as sign
      from after_move n left join before_move o on o.tenant_id = n.tenant_id and o.id = n.id
      where n.charged is not null and (n.status = 'queued' or n.status = 'sending' and o.status = 'queued')
      -- ... and what held one before does no more.
      union all
      select o.tenant_id, o.mode, o.recipient_key, o.charged, o.charged_at, -1 from before_move o
      where o.charged is not null and o.status = 'queued'
    ) moved
    join limits l on l.id = any (moved.charged)
  ) deltas
  group by tenant_id, limit_id, key, at
  having sum(sign) <> 0
  order by tenant_id, limit_id, key, at
  on conflict (tenant_id, limit_id, key, at) do update set used = u.used + excluded.used;
  return null;
end $$;

create trigger charges_moved after update on deliveries referencing old table as before_move new table as after_move
  for each statement execute function charge_moved();
`;
