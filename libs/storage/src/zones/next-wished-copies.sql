-- The next copies of a campaign in the order of their ids, locked, and whether each waits for its local time alone. No row: that was all.
-- Those that were tried, or wait for something else, have had their time. $1 tenant  $2 campaign  $3 behind this one; null: from the first  $4 at most
select id, coalesce(time_zone, '') as zone, local_date::text, due_at,
  status = 'scheduled' and attempt = 0 and reason is null and local_date is not null and due_at > clock_now() as waits
from deliveries
where tenant_id = $1 and email_id = $2 and ($3::uuid is null or id > $3::uuid)
order by tenant_id, email_id, id limit $4
for no key update
