-- Deliveries that somebody wants to send again, locked in the order of all statements. A row that is missing does not exist for this
-- tenant and mode. Whatever else is read of them is read afterwards. $1 tenant  $2 mode  $3 deliveries
select id from deliveries where tenant_id = $1 and mode = $2 and id = any ($3::uuid[]) order by tenant_id, id for no key update
