-- A campaign that repeats, its email locked. No row: it does not repeat.
-- Runs follow each other, so only the last one can be going on.
select c.repeat, c.last_run_at, e.mode, e.status, e.owner_id, e.scheduled_at, e.created_at, e.wish, e.tombstone_at is not null as is_cancelled,
  extract(epoch from clock_now())::float8 * 1000 as now_ms,
  exists (
    select from (
      select r.email_id from campaigns r where r.tenant_id = $1 and r.parent_id = $2 and r.run_at is not null order by r.run_at desc limit 1) last
    join emails l on l.tenant_id = $1 and l.id = last.email_id and l.status in ('scheduled', 'running', 'paused')) as is_busy
from campaigns c join emails e on e.tenant_id = c.tenant_id and e.id = c.email_id
where c.tenant_id = $1 and c.email_id = $2 and c.repeat is not null
for no key update of e
