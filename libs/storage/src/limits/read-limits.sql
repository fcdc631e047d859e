-- The limits of scopes, a tenant's own and those of all. No row: they have none. $1 both tenants  $2 scopes
select id, tenant_id, scope, rules, version, clock_now() as now from limits
where tenant_id = any ($1::uuid[]) and scope = any ($2::text[])
