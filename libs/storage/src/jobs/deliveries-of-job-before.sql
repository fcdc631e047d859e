-- The copies of a job's emails before one of them, oldest first. No row: there are no more.
-- $1 tenant  $2 job  $3 email and  $4 copy before which to end  $5 at most
select d.email_id, d.id from emails e join deliveries d on d.tenant_id = e.tenant_id and d.email_id = e.id
where e.tenant_id = $1 and e.job_id = $2 and e.id >= $3::uuid and (d.email_id, d.id) > ($3::uuid, $4::uuid)
order by e.id, d.id limit $5
