-- Gives copies that were made ended, because their local time had passed, the epoch of their end: so each is told once. A row for each.
-- $1 tenant  $2 campaign, which the caller holds  $3 behind this place  $4 up to this one
with skipped as materialized (
  select d.id from campaign_recipients r
  cross join lateral (
    select d.id from deliveries d
    where d.tenant_id = $1 and d.email_id = $2 and d.recipient_key = r.recipient_key and d.counted
      and d.status = 'expired' and d.reason = 'missed' and d.epoch = 0
    limit 1) d
  where r.tenant_id = $1 and r.email_id = $2 and r.place > $3 and r.place <= $4
)
update deliveries d set epoch = 1, version = d.version + 1
from skipped, emails e
where d.tenant_id = $1 and d.id = skipped.id and d.status = 'expired' and d.epoch = 0 and e.tenant_id = $1 and e.id = $2
returning d.tenant_id, d.id, d.status, d.epoch, d.version, d.reason, 'scheduled' as "from", d.mode, d.email_id, e.owner_id, e.job_id,
  d.address, d.attempt, d.provider_id, d.possible_duplicate, null::float8 as late_ms
