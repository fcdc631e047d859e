-- Has the next copies of a line that wait because of a limit looked at now: a claim grants them, or defers them anew. Always one row:
-- how many were looked at, and the last of them. What a claim holds is passed over, for it knows the limit as it is now.
-- $1 tenant  $2 line  $3, $4 behind this copy; null: from now on  $5 nothing was deferred further  $6 at most  $7 scope  $8 its domains
with next as materialized (
  select due.ctid as due_row, due.due_at, due.id from due
  where due.line = $2 and due.tenant_id = $1 and due.due_at <= $5::timestamptz
    and (due.due_at, due.id) > (coalesce($3::timestamptz, clock_now()), coalesce($4::uuid, '00000000-0000-0000-0000-000000000000'))
  order by due.line, due.due_at, due.id limit $6
),
held as materialized (
  select own.due_row, d.id from next
  cross join lateral (
    select d.id from deliveries d
    where d.tenant_id = $1 and d.id = next.id and d.status = 'scheduled' and d.reason = 'limit' and limit_binds($7, d, $8::text[])
    limit 1 for no key update skip locked) d
  cross join lateral (
    select due.ctid as due_row from due where due.line = $2 and due.due_at = next.due_at and due.id = next.id
    limit 1 for no key update skip locked) own
),
gone as (
  delete from due where ctid = any (array(select due_row from held))
),
freed as (
  update deliveries d set due_at = clock_now(), reason = null from held where d.tenant_id = $1 and d.id = held.id and d.status = 'scheduled'
  returning d.line, d.due_at, d.id, d.tenant_id, d.mode
),
queued as (
  insert into due (line, due_at, id, tenant_id, mode) select line, due_at, id, tenant_id, mode from freed
)
select count(*)::int as count, (select due_at::text from next order by due_at desc, id desc limit 1) as due_at,
  (select id from next order by due_at desc, id desc limit 1) as id from next
