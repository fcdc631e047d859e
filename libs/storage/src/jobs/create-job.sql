-- Stores a job and, unless it is finished, its name among the open ones. Always one row.
with made as (
  insert into jobs (tenant_id, id, mode, kind, status, owner_id, actor, work, rows_total, rows_done, rows_ok, rows_rejected, result, rejections,
    started_at, created_at, active_at)
  select $1::uuid, $2::uuid, $3, $4, $5, $6, $7, $8::json, $9::int, zero, zero, zero, $10::json, case when zero = 0 then '{}'::json end,
    case when zero = 0 then clock.now end, clock.now, clock.now
  from (select clock_now() as now) as clock, (select case when $8::json is not null then 0 end as zero) as rows
  returning id
),
opened as (
  insert into open_jobs (job_id, tenant_id, has_rows) values ($2::uuid, $1::uuid, $8::json is not null)
)
select id from made
