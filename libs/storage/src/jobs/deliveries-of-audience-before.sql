-- The copies of a campaign or load test before one of them, oldest first. No row: there are no more.
-- $1 tenant  $2 its id  $3 copy before which to end  $4 at most
select email_id, id from deliveries
where tenant_id = $1 and email_id = $2 and id > $3::uuid
order by tenant_id, email_id, id limit $4
