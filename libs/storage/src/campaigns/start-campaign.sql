-- Starts a draft that the caller holds, with its email and its job: its recipients are made into copies from now on. Always one row.
-- No upload to it is under way; of a dead one nothing is accepted any more. One without recipients is complete.
-- $1 tenant  $2 campaign  $3 it repeats: its runs are made into copies, not itself  $4 then its first run; null: it has none
with clock as materialized (select clock_now() as now),
campaign as (
  update campaigns set expanding = recipients > 0 and not $3::boolean, next_run_at = case when recipients > 0 then $4::timestamptz end, upload_id = null, uploading_at = null where tenant_id = $1 and email_id = $2
  returning recipients
),
started as (
  update emails e set status = case when campaign.recipients = 0 or $3::boolean and $4::timestamptz is null then 'completed' when coalesce($4::timestamptz, e.scheduled_at) > clock.now then 'scheduled' else 'running' end,
    scheduled_at = coalesce($4::timestamptz, greatest(e.scheduled_at, clock.now)), version = e.version + 1, updated_at = clock.now
  from clock, campaign where e.tenant_id = $1 and e.id = $2
  returning e.tenant_id, e.id, e.mode, e.status, e.scheduled_at, e.version
),
job as (
  update jobs j set status = started.status, version = j.version + 1, active_at = clock.now,
    finished_at = case when started.status = 'completed' then clock.now end
  from clock, started where j.tenant_id = $1 and j.id = $2
),
opened as (
  insert into open_jobs (job_id, tenant_id, has_rows) values ($2, $1, false) on conflict do nothing
),
lined as (
  insert into lines (line, tenant_id, lane, mode, email_id, next_at)
  select id::text, tenant_id, 'bulk', mode, id, scheduled_at from started where status <> 'completed' and not $3::boolean on conflict do nothing
)
select version, scheduled_at from started
