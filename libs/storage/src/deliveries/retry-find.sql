-- Copies of emails that ended so. No row: none did. $1 tenant  $2 mode  $3 emails  $4 statuses
select id from deliveries
where tenant_id = $1 and mode = $2 and email_id = any ($3::uuid[]) and status = any ($4::text[])
order by id
