-- What a tenant has in line in one lane, at most the first $4 of it. Always one row.
-- $1 tenant  $2 mode  $3 lane  $4 at most
with clock as materialized (select clock_statement() as now),
line as materialized (
  select due.due_at, d.attempt from due join deliveries d on d.tenant_id = due.tenant_id and d.id = due.id
  where due.lane = $3 and due.tenant_id = $1 and d.mode = $2
  order by due.lane, due.due_at, due.id limit $4
),
ahead as (
  select floor(extract(epoch from due_at - now) / 3600)::int as hour, count(*)::int as count from line, clock
  where due_at > now and due_at < now + interval '24 hours' group by 1
)
select count(line.due_at)::int as scheduled, count(*) filter (where due_at <= now)::int as due, count(*) filter (where attempt > 0)::int as retrying,
  extract(epoch from now - min(due_at) filter (where due_at <= now))::float8 as oldest_due_age_seconds,
  min(due_at) filter (where due_at > now) as next_due_at, max(due_at) as last_due_at,
  coalesce((select json_object_agg(hour, count) from ahead), '{}') as per_hour
from clock left join line on true group by now
