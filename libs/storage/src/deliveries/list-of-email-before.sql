-- The copies of an email before one of them, backwards. No row: nothing there.
select d.id from deliveries d where d.tenant_id = $1 and d.email_id = $2 and d.mode = $3 and d.id < $4::uuid
order by d.tenant_id desc, d.email_id desc, d.id desc limit $5
