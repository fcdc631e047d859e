-- Ends a walk that the caller holds. No row comes back.
delete from zone_walks where tenant_id = $1
