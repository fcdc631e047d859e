-- What decides whether deliveries may be sent again. A row that is missing does not exist for this tenant and mode.
-- $1 tenant  $2 mode  $3 deliveries
select d.id, d.email_id, d.status, d.epoch, d.version, d.attempt, d.address, d.provider_id, d.possible_duplicate,
  iso_instant(coalesce(d.finished_at, d.armed_at, d.claimed_at, d.created_at)) as at,
  coalesce(d.expires_at <= clock_now(), false) as has_expired, e.tombstone_at is not null as is_cancelled, e.owner_id, e.job_id,
  e.kind, e.class, e.wish, e.windows
from deliveries d join emails e on e.tenant_id = d.tenant_id and e.id = d.email_id
where d.tenant_id = $1 and d.mode = $2 and d.id = any ($3::uuid[])
order by d.id
