-- The wish of a campaign that the caller holds locked. Always one row.
select e.wish, e.windows, e.job_id, c.repeat, c.next_run_at from emails e join campaigns c on c.tenant_id = e.tenant_id and c.email_id = e.id
where e.tenant_id = $1 and e.id = $2
