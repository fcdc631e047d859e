-- What may bind a tenant's lines, locked in one order: its own limits, those of the campaigns given, that of all tenants. Whoever
-- grants from a limit holds it, so no two grant the same. No row: there are no limits. $1 both tenants  $2 scopes of campaigns
select id, tenant_id, scope, rules, created_at > clock_now() - interval '1 minute' as is_young from limits
where tenant_id = any ($1::uuid[]) and (scope not like 'campaign:%' or scope = any ($2::text[]))
order by id for update
