import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A limit counts what was sent before it, its rates too, and before rules that look back further than those it had. */
export class CountPastUse1800000021500 implements MigrationInterface {
  readonly name = 'CountPastUse1800000021500';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ATTEMPTS_ARMED);
    await runner.query(PAST_USES);
    await runner.query(COUNT_PAST_USE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function count_past_use, count_settled_use, settled_before, past_uses;
      drop index attempts_armed;
    `);
  }
}

const ATTEMPTS_ARMED = `
-- What was sent lately lies at the end of the attempts: a limit that is made finds it without all that a tenant ever sent.
create index attempts_armed on attempts using brin (armed_at) with (pages_per_range = 32, autosummarize = on);
`;

const PAST_USES = `
-- What a limit binds of what was sent or tried in a stretch of time, and of what is being sent: under which key, and when.
-- What is being sent and charged already is left out; rates are charged for themselves ($4), so it is there.
-- The hot connections may not read by bitmaps; an index of ranges is read by nothing else.
create function past_uses(limit_to uuid, since timestamptz, till timestamptz, of_rates boolean, domains text[])
returns table (tenant_id uuid, key text, at timestamptz)
language plpgsql stable security definer set search_path = public, pg_temp
set enable_bitmapscan = on set enable_seqscan = off set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
declare
  owner uuid;
  bound text;
begin
  select l.tenant_id, l.scope into owner, bound from limits l where l.id = limit_to;
  return query
  select owner, case when bound = 'contact' then d.mode || ' ' || d.recipient_key else d.mode end, past.armed_at
  from (
    -- A record of each.
    select a.tenant_id, a.delivery_id, a.armed_at from attempts a
    where bound <> 'global' and bound not like 'campaign:%' and a.tenant_id = owner
      and a.armed_at >= since and a.armed_at < till and a.outcome <> 'withheld'
    union all
    select a.tenant_id, a.delivery_id, a.armed_at from attempts a
    where bound = 'global' and a.armed_at >= since and a.armed_at < till and a.outcome <> 'withheld'
    -- A campaign is looked through by its copies, of these only what was armed last in time or later.
    union all
    select a.tenant_id, a.delivery_id, a.armed_at from deliveries d join attempts a on a.tenant_id = d.tenant_id and a.delivery_id = d.id
    where bound like 'campaign:%' and d.tenant_id = owner and d.email_id = substr(bound, 10)::uuid and d.armed_at >= since
      and a.armed_at >= since and a.armed_at < till and a.outcome <> 'withheld'
    union all
    select d.tenant_id, d.id, d.armed_at from claims c cross join unnest(c.tenants, c.deliveries, c.epochs) as m (tenant_id, delivery_id, epoch)
    join deliveries d on d.tenant_id = m.tenant_id and d.id = m.delivery_id and d.epoch = m.epoch
    where (m.tenant_id = owner or bound = 'global') and d.status = 'sending' and d.armed_at >= since and d.armed_at < till
      and (of_rates or not (limit_to = any (coalesce(d.charged, '{}'))))
      and not exists (select from attempts a where a.tenant_id = d.tenant_id and a.delivery_id = d.id and a.epoch = d.epoch)
  ) past
  join deliveries d on d.tenant_id = past.tenant_id and d.id = past.delivery_id
  where bound in ('tenant', 'contact', 'global') or limit_binds(bound, d, domains);
end $$;
`;

const COUNT_PAST_USE = `
-- What was sent before this stands still when a limit is made; what comes after it is counted when the claims are shut out.
create function settled_before(limit_to uuid) returns timestamptz language sql stable security definer set search_path = public, pg_temp as $$
  select date_trunc('second', created_at) - interval '40 seconds' from limits where id = limit_to
$$;

-- Counts under a new limit what stands still: it may take long, and nobody waits meanwhile.
create function count_settled_use(limit_to uuid, seconds float8, domains text[])
returns void language sql security definer set search_path = public, pg_temp as $$
  insert into limit_usage as u (tenant_id, limit_id, key, at, used)
  select past.tenant_id, limit_to, past.key, date_trunc('second', past.at), count(*)::int
  from past_uses(limit_to, clock_now() - seconds * interval '1 second', settled_before(limit_to), false, domains) past
  group by 1, 2, 3, 4 order by 1, 2, 3, 4
  on conflict (tenant_id, limit_id, key, at) do update set used = u.used + excluded.used
$$;

-- Counts what was used before what a limit knows of: in how many seconds back from now it is to know all, and in how many it does;
-- 0: it is new, and what stands still has been counted.
-- What it knew of before is replaced. A grant is used after its date: what may stand on either side is counted twice, so less
-- may be sent for a while, never more.
create function count_past_use(limit_to uuid, seconds float8, known float8, rate_seconds float8, rates_known float8, domains text[])
returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare
  now_at timestamptz := clock_now();
  known_from timestamptz := date_trunc('second', now_at - known * interval '1 second');
  rates_from timestamptz := now_at - rates_known * interval '1 second';
  is_new boolean := known = 0;
begin
  if seconds > known then
    delete from limit_usage u using limits l where not is_new and l.id = limit_to and u.tenant_id = l.tenant_id and u.limit_id = l.id and u.at < known_from;
    insert into limit_usage as u (tenant_id, limit_id, key, at, used)
    select past.tenant_id, limit_to, past.key, date_trunc('second', past.at), count(*)::int
    from past_uses(limit_to, case when is_new then settled_before(limit_to) else now_at - seconds * interval '1 second' end,
      case when is_new then 'infinity' else known_from + interval '25 seconds' end, false, domains) past
    group by 1, 2, 3, 4 order by 1, 2, 3, 4
    on conflict (tenant_id, limit_id, key, at) do update set used = u.used + excluded.used;
  end if;
  if rate_seconds > rates_known then
    delete from limit_rates u using limits l where l.id = limit_to and u.tenant_id = l.tenant_id and u.limit_id = l.id and u.at < rates_from;
    insert into limit_rates as u (tenant_id, limit_id, key, at, used)
    select past.tenant_id, limit_to, past.key, date_bin('100 milliseconds', past.at, timestamptz '2000-01-01'), count(*)::int
    from past_uses(limit_to, now_at - rate_seconds * interval '1 second',
      case when rates_known = 0 then 'infinity' else rates_from + interval '1 second' end, true, domains) past
    group by 1, 2, 3, 4 order by 1, 2, 3, 4
    on conflict (tenant_id, limit_id, key, at) do update set used = u.used + excluded.used;
  end if;
end $$;
`;
