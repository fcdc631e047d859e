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
    await runner.query(PAST);
    await runner.query(RATES);
    await runner.query(CALLING);
    for (const table of TENANT_TABLES) await runner.query(isolate(table));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop trigger lines_called on deliveries;
      drop trigger lines_called_first on deliveries;
      drop trigger charges_moved on deliveries;
      drop function call_lines, charge_rates, charge_queued, limit_binds, limited_among, limits_of, charge_moved;
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
  unique (id),
  unique (tenant_id, scope)
);
-- Whose mail goes under a limit, though it is of no campaign: few, and read with every claim.
create index limits_of_singles on limits (tenant_id) where scope not like 'campaign:%';

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
-- Both sides of a statement are joined by a hash, whatever the hot connections think of that: by loops it would cost n x n.
create function charge_moved() returns trigger language plpgsql security definer set search_path = public, pg_temp
set enable_hashjoin = on as $$
begin
  if not exists (select from after_move where charged is not null)
    and not exists (select from before_move where charged is not null) then return null; end if;
  with needed as materialized (
    select l.tenant_id, l.id, l.scope from limits l where l.id = any (array(
      select unnest(charged) from after_move union select unnest(charged) from before_move))
  ),
  moved as (
    -- What holds a grant now, and what was just armed, counts ...
    select n.mode, n.recipient_key, n.charged, n.charged_at, 1 as sign
    from after_move n left join before_move o on o.tenant_id = n.tenant_id and o.id = n.id
    where n.charged is not null and (n.status = 'queued' or n.status = 'sending' and o.status = 'queued')
    -- ... and what held one before does no more.
    union all
    select o.mode, o.recipient_key, o.charged, o.charged_at, -1 from before_move o
    where o.charged is not null and o.status = 'queued'
  ),
  deltas as (
    select l.tenant_id, l.id as limit_id, case when l.scope = 'contact' then moved.mode || ' ' || moved.recipient_key else moved.mode end as key,
      date_trunc('second', moved.charged_at) as at, moved.sign
    from moved cross join unnest(moved.charged) as own (limit_id) join needed l on l.id = own.limit_id
  )
  insert into limit_usage as u (tenant_id, limit_id, key, at, used)
  select tenant_id, limit_id, key, at, sum(sign) from deltas
  group by tenant_id, limit_id, key, at
  having sum(sign) <> 0
  order by tenant_id, limit_id, key, at
  on conflict (tenant_id, limit_id, key, at) do update set used = u.used + excluded.used;
  return null;
end $$;

create trigger charges_moved after update on deliveries referencing old table as before_move new table as after_move
  for each statement execute function charge_moved();
`;

/** A limit that is made binds what is on its way. */
const PAST = `
-- The name under which claims share the limits of an owner, and whoever makes or changes one has them alone. Several owners may bear
-- one name: a claim holds few, however many tenants it takes from.
create function limits_of(owner uuid) returns bigint language sql immutable as $$
  select 7245004000 + (hashtextextended(owner::text, 0) & 127)
$$;

-- Whose copies go under a limit, or under one that is being made: these wait in a line. Nobody makes one for the others before the
-- transaction ends. Two statements, so that the second sees what whoever had the name before has made.
create function limited_among(tenants uuid[]) returns setof uuid language plpgsql as $$
declare
  are_all boolean;
begin
  if cardinality(tenants) = 0 then return; end if;
  return query
  select named.tenant from (select asked.tenant, limits_of(asked.tenant) as name from unnest(tenants) as asked (tenant)) named
  where named.name = any (array(
    select names.name from (select distinct limits_of(asked.tenant) as name from unnest(tenants) as asked (tenant)) names
    where not pg_try_advisory_xact_lock_shared(names.name)));
  are_all := not pg_try_advisory_xact_lock_shared(limits_of('00000000-0000-0000-0000-000000000000'));
  return query
  select asked.tenant from unnest(tenants) as asked (tenant)
  where are_all or exists (
    select from limits l where l.tenant_id in (asked.tenant, '00000000-0000-0000-0000-000000000000') and l.scope not like 'campaign:%');
end $$;

create function limit_binds(scope text, d deliveries, domains text[]) returns boolean language sql stable as $$
  select case
    when scope in ('tenant', 'contact', 'global') then true
    when scope like 'campaign:%' then d.email_id::text = substr(scope, 10)
    when scope like 'provider:%' then substr(scope, 10) = coalesce(d.provider_id::text,
      case d.mode when 'test' then '00000000-0000-7000-8000-000000000001' else '00000000-0000-7000-8000-000000000002' end)
    when scope like 'domain:%' then lower(substr(d.address, length(d.address) - position('@' in reverse(d.address)) + 2)) = any (domains)
    else exists (
      select from emails e cross join lateral (
        select lower(regexp_replace(e.from_mailbox, '^.*<([^<>]*)>\\s*$', '\\1')) as address) sender
      where e.tenant_id = d.tenant_id and e.id = d.email_id
        and substr(scope, 8) in (sender.address, substr(sender.address, position('@' in sender.address) + 1)))
  end
$$;

-- Charges a limit to what was granted without it. What somebody is changing at this moment is waited for, in the order in which all
-- lock copies: it may be armed by then, and is counted as that. Whoever calls it has shut out the claims.
create function charge_queued(limit_to uuid, domains text[]) returns void language sql security definer set search_path = public, pg_temp as $$
  with bound as materialized (
    select d.tenant_id, d.id
    from limits l, claims c cross join unnest(c.tenants, c.deliveries, c.epochs) as m (tenant_id, delivery_id, epoch)
    join deliveries d on d.tenant_id = m.tenant_id and d.id = m.delivery_id and d.epoch = m.epoch
    where l.id = limit_to and (m.tenant_id = l.tenant_id or l.scope = 'global')
      and d.status = 'queued' and not (l.id = any (coalesce(d.charged, '{}'))) and limit_binds(l.scope, d, domains)
    order by d.tenant_id, d.id
  ),
  held as materialized (
    select d.tenant_id, d.id from bound cross join lateral (
      select d.tenant_id, d.id from deliveries d
      where d.tenant_id = bound.tenant_id and d.id = bound.id and d.status = 'queued' and not (limit_to = any (coalesce(d.charged, '{}')))
      limit 1 for no key update) d
  )
  update deliveries d set charged = coalesce(d.charged, '{}') || limit_to,
    charged_at = case when d.charged is null then clock_now() else d.charged_at end
  from held where d.tenant_id = held.tenant_id and d.id = held.id and d.status = 'queued'
$$;
`;

/**
 * Rates are judged here, by whoever is about to send. The limits are locked first and looked at then, in a snapshot that
 * sees what whoever held them before has charged: two statements, so it is a function and still one round trip.
 */
const RATES = `
-- Charges copies to the rates of their limits, all of a copy or none. One row for each place: in how many ms it may ask again;
-- null: it is charged, where it has rates at all.
-- A copy that is charged uses a place in each of its rates, whoever is refused beside it: less may be sent, never more.
create function charge_rates(places int[], limits_of uuid[], modes text[], recipients text[], slack_ms int) returns table (place int, wait_ms float8, is_rated boolean)
language plpgsql as $$
declare
  now_at timestamptz;
begin
  perform from limits where id = any (limits_of) order by id for update;
  now_at := clock_now();
  return query
  with asked as materialized (
    select asks.place, l.id as limit_id, case when l.scope = 'contact' then asks.mode || ' ' || asks.recipient else asks.mode end as key
    from unnest(places, limits_of, modes, recipients) as asks (place, limit_id, mode, recipient) join limits l on l.id = asks.limit_id
  ),
  rate as materialized (
    select l.tenant_id, l.id as limit_id, (rule ->> 'max')::int as max,
      ((rule ->> 'windowSeconds')::float8 * 1000 + slack_ms + 100) * interval '1 millisecond' as counted
    from limits l cross join lateral json_array_elements(l.rules) as rule
    where l.id = any (limits_of) and (rule ->> 'mode' = 'delay' or (rule ->> 'windowSeconds')::int <= 60)
  ),
  drawn as materialized (
    select rate.tenant_id, rate.limit_id, asked.key, rate.max, rate.counted, used.sum as used
    from rate join (select distinct a.limit_id, a.key from asked a) asked on asked.limit_id = rate.limit_id
    cross join lateral (
      select coalesce(sum(u.used), 0)::int as sum from limit_rates u
      where u.tenant_id = rate.tenant_id and u.limit_id = rate.limit_id and u.key = asked.key and u.at > now_at - rate.counted) used
  ),
  ranked as materialized (
    select a.place, a.limit_id, a.key, row_number() over (partition by a.limit_id, a.key order by a.place) as rank from asked a
  ),
  refused as materialized (
    select r.place, max(greatest(1, extract(epoch from coalesce((
      -- When so many are gone that one more than those before it fits.
      select past.at + drawn.counted - now_at from (
        select u.at, sum(u.used) over (order by u.at) as gone from limit_rates u
        where u.tenant_id = drawn.tenant_id and u.limit_id = drawn.limit_id and u.key = drawn.key and u.at > now_at - drawn.counted) past
      where past.gone >= drawn.used - drawn.max + r.rank order by past.at limit 1), drawn.counted))::float8 * 1000)) as wait_ms
    from ranked r join drawn on drawn.limit_id = r.limit_id and drawn.key = r.key
    where r.rank > drawn.max - drawn.used
    group by r.place
  ),
  charged as (
    insert into limit_rates as u (tenant_id, limit_id, key, at, used)
    select distinct on (drawn.tenant_id, drawn.limit_id, drawn.key) drawn.tenant_id, drawn.limit_id, drawn.key,
      date_bin('100 milliseconds', now_at, timestamptz '2000-01-01'), fresh.count
    from drawn cross join lateral (
      select count(*)::int as count from ranked r
      where r.limit_id = drawn.limit_id and r.key = drawn.key and r.place not in (select f.place from refused f)) fresh
    where fresh.count > 0
    on conflict (tenant_id, limit_id, key, at) do update set used = u.used + excluded.used
  )
  select p.place, f.wait_ms, exists (select from ranked r join drawn on drawn.limit_id = r.limit_id where r.place = p.place)
  from (select distinct asks.place from unnest(places) as asks (place)) p left join refused f on f.place = p.place;
end $$;
`;

/** A line sleeps until something of it may go. What comes to wait in it, or comes back, wakes it; whoever holds it looks anyway. */
const CALLING = `
create function call_lines() returns trigger language plpgsql as $$
begin
  if not exists (select from after_move where status = 'scheduled' and line not in ('transactional', 'bulk')) then return null; end if;
  with called as materialized (
    select line, greatest(min(due_at), clock_now()) as due_at from after_move
    where status = 'scheduled' and not paused and line not in ('transactional', 'bulk') group by line
  ),
  asleep as materialized (
    select l.line, called.due_at from called cross join lateral (
      select lines.line from lines where lines.line = called.line and lines.next_at > called.due_at limit 1 for no key update skip locked) l
  )
  update lines l set next_at = asleep.due_at from asleep where l.line = asleep.line;
  return null;
end $$;

create trigger lines_called after update on deliveries referencing new table as after_move
  for each statement execute function call_lines();
create trigger lines_called_first after insert on deliveries referencing new table as after_move
  for each statement execute function call_lines();
`;
