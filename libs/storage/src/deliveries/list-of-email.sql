-- A page of an email's copies, oldest first. No row: nothing there.
select d.id from deliveries d where d.tenant_id = $1 and d.email_id = $2 and d.mode = $3 and ($4::uuid is null or d.id > $4::uuid)
order by d.id limit $5
