-- The next emails of a tenant with a local time, in the order of their ids, and whether it may still be ahead of a copy. No row: that was all.
-- $1 tenant  $2 behind this one; null: from the first  $3 at most
select id, kind, mode, case when kind = 'single' then scheduled_at > clock_now() else status not in ('completed', 'completed_with_errors') end
  and tombstone_at is null as waits
from emails
where tenant_id = $1 and wish is not null and ($2::uuid is null or id > $2::uuid)
order by tenant_id, id limit $3
