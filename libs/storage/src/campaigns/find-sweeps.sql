-- Cancelled emails whose copies are still being ended: those first of which copies wait, not those that wait for copies. No row: there is
-- none. $1 at most
select tenant_id, email_id from sweeps order by walked, tenant_id, email_id limit $1
