import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A limit counts what was sent before it, its rates too, and before rules that look back further than those it had. */
export class CountPastUse1800000021500 implements MigrationInterface {
  readonly name = 'CountPastUse1800000021500';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('drop function count_past_use');
    await runner.query(PAST_USES);
    await runner.query(COUNT_PAST_USE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function count_past_use, past_uses;
      -- Only so that the migration before finds what it drops.
      create function count_past_use(limit_to uuid, seconds float8, domains text[]) returns void language sql as 'select';
    `);
  }
}

const PAST_USES = `
-- What a limit binds of what was sent or tried since an instant, and of what is being sent: under which key, and when.
-- What is being sent and charged already is left out; rates are charged for themselves ($3), so it is there.
create function past_uses(limit_to uuid, since timestamptz, of_rates boolean, domains text[])
returns table (tenant_id uuid, key text, at timestamptz)
language sql stable security definer set search_path = public, pg_temp as $$
  select l.tenant_id, case when l.scope = 'contact' then d.mode || ' ' || d.recipient_key else d.mode end, past.armed_at
  from limits l cross join lateral (
    -- A record of each. A campaign is looked through by its copies.
    select a.tenant_id, a.delivery_id, a.armed_at from attempts a
    where l.scope not like 'campaign:%' and (a.tenant_id = l.tenant_id or l.scope = 'global')
      and a.armed_at > since and a.outcome <> 'withheld'
    union all
    select a.tenant_id, a.delivery_id, a.armed_at from deliveries d join attempts a on a.tenant_id = d.tenant_id and a.delivery_id = d.id
    where l.scope like 'campaign:%' and d.tenant_id = l.tenant_id and d.email_id = substr(l.scope, 10)::uuid
      and a.armed_at > since and a.outcome <> 'withheld'
    union all
    select d.tenant_id, d.id, d.armed_at from claims c cross join unnest(c.tenants, c.deliveries, c.epochs) as m (tenant_id, delivery_id, epoch)
    join deliveries d on d.tenant_id = m.tenant_id and d.id = m.delivery_id and d.epoch = m.epoch
    where (m.tenant_id = l.tenant_id or l.scope = 'global') and d.status = 'sending' and d.armed_at > since
      and (of_rates or not (l.id = any (coalesce(d.charged, '{}'))))
      and not exists (select from attempts a where a.tenant_id = d.tenant_id and a.delivery_id = d.id and a.epoch = d.epoch)
  ) past
  join deliveries d on d.tenant_id = past.tenant_id and d.id = past.delivery_id
  where l.id = limit_to and limit_binds(l.scope, d, domains)
$$;
`;

const COUNT_PAST_USE = `
-- Counts what was used before what a limit knows of: in how many seconds back from now it is to know all, and in how many it does.
-- What it knew of before is replaced. A grant is used after its date: what may stand on either side is counted twice, so less
-- may be sent for a while, never more.
create function count_past_use(limit_to uuid, seconds float8, known float8, rate_seconds float8, rates_known float8, domains text[])
returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare
  now_at timestamptz := clock_now();
  known_from timestamptz := date_trunc('second', now_at - known * interval '1 second');
  rates_from timestamptz := now_at - rates_known * interval '1 second';
begin
  if seconds > known then
    delete from limit_usage u using limits l where l.id = limit_to and u.tenant_id = l.tenant_id and u.limit_id = l.id and u.at < known_from;
    insert into limit_usage as u (tenant_id, limit_id, key, at, used)
    select past.tenant_id, limit_to, past.key, date_trunc('second', past.at), count(*)::int
    from past_uses(limit_to, now_at - seconds * interval '1 second', false, domains) past
    where past.at < known_from + interval '25 seconds' or known = 0
    group by 1, 2, 3, 4 order by 1, 2, 3, 4
    on conflict (tenant_id, limit_id, key, at) do update set used = u.used + excluded.used;
  end if;
  if rate_seconds > rates_known then
    delete from limit_rates u using limits l where l.id = limit_to and u.tenant_id = l.tenant_id and u.limit_id = l.id and u.at < rates_from;
    insert into limit_rates as u (tenant_id, limit_id, key, at, used)
    select past.tenant_id, limit_to, past.key, date_bin('100 milliseconds', past.at, timestamptz '2000-01-01'), count(*)::int
    from past_uses(limit_to, now_at - rate_seconds * interval '1 second', true, domains) past
    where past.at < rates_from + interval '1 second' or rates_known = 0
    group by 1, 2, 3, 4 order by 1, 2, 3, 4
    on conflict (tenant_id, limit_id, key, at) do update set used = u.used + excluded.used;
  end if;
end $$;
`;
