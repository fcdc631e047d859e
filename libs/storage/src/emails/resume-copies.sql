-- Lets copies go on that the caller holds locked, and puts those that wait back into what is due. No row: none of them waits.
-- What a pause has cost is not late: where its time has passed a copy is due now, as if it had been wanted now, or when its windows open.
-- What was missed before the pause stays held until a person decides (misfire/end-late.sql).
-- $1 tenant  $2 copies  $3 when the windows of each open; null: they are open
with clock as materialized (select clock_now() as now),
copy as materialized (
  select d.id, d.status = 'scheduled' and d.reason is distinct from 'missed' as waits, d.due_at < clock.now as has_passed, asked.opens_at
  from clock, unnest($2::uuid[], $3::timestamptz[]) as asked (id, opens_at)
  cross join lateral (select d.* from deliveries d where d.tenant_id = $1 and d.id = asked.id and d.paused limit 1) d
),
freed as (
  update deliveries d set paused = false,
    due_at = case when copy.waits and copy.has_passed then coalesce(copy.opens_at, clock.now) else d.due_at end,
    eligible_at = case when copy.waits and copy.has_passed then coalesce(copy.opens_at, clock.now) else d.eligible_at end,
    reason = case when copy.waits and copy.has_passed and copy.opens_at is not null then 'window' else d.reason end,
    first_claimed_at = case when copy.waits and copy.has_passed then null else d.first_claimed_at end
  from clock, copy
  where d.tenant_id = $1 and d.id = copy.id
  returning d.tenant_id, d.id, d.line, d.mode, d.due_at, copy.waits
),
requeued as (
  insert into due (line, due_at, id, tenant_id, mode) select line, due_at, id, tenant_id, mode from freed where waits
  on conflict do nothing
)
select freed.id, (select pg_notify('mailtide_due', '') from freed, clock where waits and due_at < clock.now + interval '1 second' limit 1) as notified
from freed where waits
