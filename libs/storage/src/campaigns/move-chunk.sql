-- Gives copies of a campaign that was put to another time, and that the caller holds, their new instants. Always one row: how many.
-- What was tried already stays, and so does what was missed and is held for a person. $1 tenant  $2 campaign  $3 behind this place  $4 up to this one  $5 due at, but  $6 in these zones  $7 then  $8 on this day there
with chunk as materialized (
  select d.id, d.line, d.due_at as was, coalesce(own.due_at, $5::timestamptz) as due_at, own.local_date
  from campaign_recipients r
  cross join lateral (
    select d.id, d.line, d.due_at from deliveries d
    where d.tenant_id = $1 and d.email_id = $2 and d.recipient_key = r.recipient_key and d.counted and d.status = 'scheduled' and d.attempt = 0
      and d.reason is distinct from 'missed'
    limit 1 for no key update) d
  left join unnest($6::text[], $7::timestamptz[], $8::date[]) as own (zone, due_at, local_date) on own.zone = coalesce(r.time_zone, '')
  where r.tenant_id = $1 and r.email_id = $2 and r.place > $3 and r.place <= $4
),
unqueued as (
  delete from due where ctid = any (array(
    select q.row from chunk cross join lateral (
      select due.ctid as row from due where due.line = chunk.line and due.due_at = chunk.was and due.id = chunk.id limit 1) q))
),
moved as (
  update deliveries d set due_at = chunk.due_at, eligible_at = chunk.due_at, local_date = chunk.local_date, epoch = d.epoch + 1, reason = null
  from chunk where d.tenant_id = $1 and d.id = chunk.id
  returning d.line, d.due_at, d.id, d.tenant_id, d.mode
),
requeued as (
  insert into due (line, due_at, id, tenant_id, mode) select line, due_at, id, tenant_id, mode from moved on conflict do nothing
)
select count(*)::int as moved from moved
