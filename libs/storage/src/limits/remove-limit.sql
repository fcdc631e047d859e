-- Removes a limit that the caller holds. Always one row.
delete from limits where tenant_id = $1 and id = $2 returning id
