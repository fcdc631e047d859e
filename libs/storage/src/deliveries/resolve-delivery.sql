-- Ends an unknown delivery as a person knows that it did; its ambiguous attempts stay on record. No row: it is unknown no more, or
-- does not exist for this tenant and mode. $1 tenant  $2 mode  $3 delivery  $4 status
with ended as (
  update deliveries d set status = $4, version = d.version + 1, reason = 'resolved_by_user', hold_until = null, finished_at = clock_now()
  where d.tenant_id = $1 and d.mode = $2 and d.id = $3 and d.status = 'unknown'
  returning d.tenant_id, d.id, d.email_id, d.epoch, d.version, d.attempt, d.address, d.provider_id, d.possible_duplicate,
    case when d.first_claimed_at is not null then greatest(0, extract(epoch from d.first_claimed_at - d.eligible_at)::float8 * 1000) end as late_ms
),
resolved as (
  update attempts a set resolved_by = 'resolved_by_user' from ended
  where a.tenant_id = ended.tenant_id and a.delivery_id = ended.id and a.outcome = 'unknown' and a.resolved_by is null
),
-- A job that is finished is told anew: its counts have changed.
told as (
  insert into open_jobs (job_id, tenant_id, has_rows)
  select e.job_id, e.tenant_id, false from ended join emails e on e.tenant_id = ended.tenant_id and e.id = ended.email_id
  where e.job_id is not null
  on conflict do nothing
)
select ended.*, e.owner_id, e.job_id from ended join emails e on e.tenant_id = ended.tenant_id and e.id = ended.email_id
