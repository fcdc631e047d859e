-- Whether there is such a job. No row: there is none, or not any more.
select id from jobs where tenant_id = $1 and id = $2
