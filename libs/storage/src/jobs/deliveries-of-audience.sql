-- The copies of a campaign or load test, newest first. No row: there are no more. $1 tenant  $2 its id  $3 copy behind which to begin  $4 at most
select email_id, id from deliveries
where tenant_id = $1 and email_id = $2 and ($3::uuid is null or id < $3::uuid)
order by tenant_id desc, email_id desc, id desc limit $4
