-- Gives a limit that the caller holds other rules; what was used of it counts on. Always one row.
update limits set rules = $3, version = version + 1, updated_at = clock_now() where tenant_id = $1 and id = $2
returning id, tenant_id, scope, rules, version, clock_now() as now
