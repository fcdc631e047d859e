-- The emails of a job. No row: it has none.
select id from emails where tenant_id = $1 and job_id = $2 order by id
