-- Cancelled emails whose copies are still being ended. No row: there is none. $1 at most
select tenant_id, email_id from sweeps order by tenant_id, email_id limit $1
