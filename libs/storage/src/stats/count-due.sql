-- What a tenant has in line, each number counted up to $3. Always one row. Index reads only, but for what was tried before: that is looked
-- up one by one (lateral), of the first $3. $1 tenant  $2 mode  $3 at most
with clock as materialized (select clock_statement() as now),
first as materialized (
  select due.tenant_id, due.id from due where due.tenant_id = $1 and due.mode = $2 order by due.due_at limit $3
)
select
  (select count(*)::int from first) as scheduled,
  (select count(*)::int from first cross join lateral (
    select d.attempt from deliveries d where d.tenant_id = first.tenant_id and d.id = first.id limit 1) d
    where d.attempt > 0) as retrying,
  (select count(*)::int from (
    select from due where due.tenant_id = $1 and due.mode = $2 and due.due_at <= now limit $3) passed) as due,
  extract(epoch from now - (
    select min(due.due_at) from due where due.tenant_id = $1 and due.mode = $2 and due.due_at <= now))::float8 as oldest_due_age_seconds,
  (select min(due.due_at) from due where due.tenant_id = $1 and due.mode = $2 and due.due_at > now) as next_due_at,
  array(
    select (
      select count(*)::int from (
        select from due where due.tenant_id = $1 and due.mode = $2
          and due.due_at > now + hour * interval '1 hour' and due.due_at <= now + (hour + 1) * interval '1 hour' limit $3) within)
    from generate_series(0, 23) hour) as per_hour
from clock
