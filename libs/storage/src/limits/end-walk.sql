-- Ends a walk that the caller holds. No row comes back.
delete from limit_walks where tenant_id = $1 and scope = $2
