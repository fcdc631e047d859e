-- Counts the end of a cancel on its email. Always one row.
update emails set version = version + 1, updated_at = clock_now() where tenant_id = $1 and id = $2 returning version
