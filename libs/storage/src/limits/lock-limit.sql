-- One limit by its scope, kept from being changed and from being charged. No row: there is none.
select id, tenant_id, scope, rules, version, clock_now() as now from limits where tenant_id = $1 and scope = $2 for update
