-- Notes what was told of a job, and that it is finished when it is. Always one row.
with noted as (
  update jobs set status = $3, told = $4::json, told_at = clock_now(), told_done = $5, rate = $6, started_at = $7, active_at = $8,
    finished_at = $9
  where tenant_id = $1 and id = $2
  returning id, finished_at
),
closed as (
  delete from open_jobs where job_id = (select id from noted where finished_at is not null)
)
select id from noted
