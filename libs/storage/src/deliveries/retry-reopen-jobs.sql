-- Jobs run again of which copies were opened. No row comes back.
with opened as (
  update jobs set status = 'running', finished_at = null, active_at = clock_now()
  where tenant_id = $1 and id = any ($2::uuid[]) and work is null
  returning tenant_id, id
)
insert into open_jobs (job_id, tenant_id, has_rows) select id, tenant_id, false from opened on conflict do nothing
