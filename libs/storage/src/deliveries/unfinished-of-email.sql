-- The unfinished copies of an email, oldest first. No row: none is unfinished.
-- $1 tenant  $2 mode  $3 email  $4 beyond this id  $5 at most
select id from deliveries
where tenant_id = $1 and mode = $2 and email_id = $3 and status in ('scheduled', 'queued', 'sending') and ($4::uuid is null or id > $4::uuid)
order by id limit $5
