-- The copies of a job's emails, newest first. No row: there are no more.
-- $1 tenant  $2 job  $3 email and  $4 copy behind which to begin  $5 at most
select d.email_id, d.id from emails e join deliveries d on d.tenant_id = e.tenant_id and d.email_id = e.id
where e.tenant_id = $1 and e.job_id = $2 and ($3::uuid is null or e.id <= $3::uuid and (d.email_id, d.id) < ($3::uuid, $4::uuid))
order by e.id desc, d.id desc limit $5
