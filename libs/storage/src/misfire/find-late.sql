-- Which deliveries in a stretch of what is due have become too late to be sent. Always one row: how far it looked, and what it found.
-- A stretch, because a backlog may be long and what is too late in it may lie anywhere: each delivery has its own grace.
-- $1 lane  $2 due at  $3 id (both: look behind this one)  $4 rows to look at
with walked as materialized (
  select due.due_at, due.id, due.tenant_id, row_number() over (order by due.due_at, due.id) as place from due
  where due.line = $1 and (due.due_at, due.id) > ($2::text::timestamptz, $3::uuid) and due.due_at <= clock_statement()
  order by due.line, due.due_at, due.id limit $4
),
lapsed as (
  select walked.tenant_id, walked.id from walked cross join lateral (
    select from deliveries d where d.tenant_id = walked.tenant_id and d.id = walked.id and d.status = 'scheduled'
      and (d.due_at + (d.grace_seconds + 1) * interval '1 second' <= clock_statement() or d.expires_at <= clock_statement())
    limit 1) d
)
select (select count(*)::int from walked) as walked,
  (select due_at::text from walked order by place desc limit 1) as last_due_at, (select id from walked order by place desc limit 1) as last_id,
  coalesce((select array_agg(tenant_id) from lapsed), '{}') as tenants, coalesce((select array_agg(id) from lapsed), '{}') as ids
