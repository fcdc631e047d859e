-- Forgets jobs that ended long ago and have no email left, with their events. Always one row: how many. $1 days  $2 at most
with old as materialized (
  select j.tenant_id, j.id, j.ctid as row from jobs j
  where j.finished_at < clock_statement() - $1::float8 * interval '1 day'
    and not exists (select from emails e where e.tenant_id = j.tenant_id and e.job_id = j.id)
  limit $2
),
told as (
  delete from outbox where ctid = any (array(
    select o.row from old cross join lateral (
      select o.ctid as row from outbox o where o.tenant_id = old.tenant_id and o.job_id = old.id) o))
),
gone as (
  delete from jobs where ctid = any (array(select row from old)) returning 1
)
select count(*)::int as gone from gone
