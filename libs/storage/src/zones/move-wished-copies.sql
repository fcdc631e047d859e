-- Gives copies of a campaign that the caller holds locked, and that wait for their local time, another instant. Always one row: how many.
-- $1 tenant  $2 copies  $3 when
with anew as materialized (
  select d.id, d.line, d.due_at as was, given.due_at from unnest($2::uuid[], $3::timestamptz[]) as given (id, due_at)
  cross join lateral (select d.id, d.line, d.due_at from deliveries d where d.tenant_id = $1 and d.id = given.id and d.status = 'scheduled' limit 1) d
),
unqueued as (
  delete from due where ctid = any (array(
    select q.row from anew cross join lateral (
      select due.ctid as row from due where due.line = anew.line and due.due_at = anew.was and due.id = anew.id limit 1) q))
),
moved as (
  update deliveries d set due_at = anew.due_at, eligible_at = anew.due_at, epoch = d.epoch + 1
  from anew where d.tenant_id = $1 and d.id = anew.id
  returning d.line, d.due_at, d.id, d.tenant_id, d.mode, d.paused
),
requeued as (
  insert into due (line, due_at, id, tenant_id, mode) select line, due_at, id, tenant_id, mode from moved where not paused on conflict do nothing
)
select count(*)::int as moved from moved
