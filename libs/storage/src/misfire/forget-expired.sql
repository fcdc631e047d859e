-- Forgets emails that have expired and of which nothing is open, and looks at all others again: a copy in flight may come back to
-- wait for a retry, and an edit may have given the email another instant. No row comes back.
-- $1 expires at  $2 tenants  $3 emails, as they were locked  $4 in how many ms
with asked as materialized (
  select expires_at::timestamptz as expires_at, tenant_id, email_id
  from unnest($1::text[], $2::uuid[], $3::uuid[]) as asked (expires_at, tenant_id, email_id)
),
gone as (
  delete from expiring where ctid = any (array(
    select q.row from asked cross join lateral (
      select x.ctid as row from expiring x
      where x.expires_at = asked.expires_at and x.tenant_id = asked.tenant_id and x.email_id = asked.email_id limit 1) q))
)
insert into expiring (expires_at, tenant_id, email_id)
select greatest(e.expires_at, clock_now() + $4::float8 * interval '1 millisecond'), asked.tenant_id, asked.email_id
from asked cross join lateral (
  select e.expires_at from emails e
  where e.tenant_id = asked.tenant_id and e.id = asked.email_id and e.expires_at is not null
    and case when e.kind = 'single' then exists (
      select from deliveries d where d.tenant_id = e.tenant_id and d.email_id = e.id and d.status in ('scheduled', 'queued', 'sending'))
    else (select sum(n.scheduled + n.queued + n.sending) from email_counters n where n.tenant_id = e.tenant_id and n.email_id = e.id) > 0 end
  limit 1) e
on conflict do nothing
