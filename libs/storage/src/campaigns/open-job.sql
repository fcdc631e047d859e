-- Has the job of a started or ended draft looked after. No row comes back.
insert into open_jobs (job_id, tenant_id, has_rows) values ($2, $1, false) on conflict do nothing
