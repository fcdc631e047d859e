-- The lines of a tenant that may be taken from now, locked, with how they are paced. A line that is missing is being looked at by
-- another poller, or is being changed: the claim never waits for it. Nobody makes or changes a limit of the tenant before the
-- transaction ends; no row while somebody does. $1 tenant  $2 lane  $3 at most
with shared as materialized (
  select pg_try_advisory_xact_lock_shared(limits_of($1)) and pg_try_advisory_xact_lock_shared(limits_of('00000000-0000-0000-0000-000000000000')) as is_ours
),
ready as materialized (
  select line, mode, email_id, next_at, paced_at, waits_for is not null as is_waiting, share from lines
  where (select is_ours from shared) and lane = $2 and next_at <= clock_statement() and not paused and tenant_id = $1
  order by lane, next_at limit $3 for no key update skip locked
)
select ready.line, ready.mode, ready.email_id, extract(epoch from ready.next_at)::float8 * 1000 as next_ms,
  extract(epoch from ready.paced_at)::float8 * 1000 as paced_ms, ready.is_waiting, ready.share,
  coalesce(c.delay_seconds, 0) as delay_seconds, c.hourly_limit, coalesce(c.spread, 'burst') as spread, coalesce(c.weight, 1) as weight,
  e.from_mailbox, coalesce(e.windows, '[]') as windows, coalesce(s.windows, '[]') as tenant_windows, coalesce(s.time_zone, 'UTC') as time_zone,
  coalesce(s.transactional_reserve, 0.2) as reserve,
  -- A fact on the email binds before it has reached the line.
  case when e.tombstone_at is not null or e.status = 'cancelled' then 'cancelled' when e.status in ('draft', 'paused') then 'paused'
    when e.expires_at <= clock_statement() then 'expired' end as closed,
  extract(epoch from clock_statement())::float8 * 1000 as now_ms
from ready
left join lateral (select * from campaigns c where c.tenant_id = $1 and c.email_id = ready.email_id limit 1) c on true
left join lateral (select * from emails e where e.tenant_id = $1 and e.id = ready.email_id limit 1) e on true
left join lateral (select * from tenant_settings s where s.tenant_id = $1 limit 1) s on true
