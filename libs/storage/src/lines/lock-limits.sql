-- What may bind a tenant's lines, locked in one order: its own limits, those of the campaigns given, that of all tenants. Whoever
-- grants from a limit holds it, so no two grant the same. No row: there are no limits. $1 both tenants  $2 scopes of campaigns
with needed as materialized (
  select id from limits where tenant_id = any ($1::uuid[]) and scope not like 'campaign:%'
  union all
  select id from limits where tenant_id = any ($1::uuid[]) and scope = any ($2::text[])
)
select id, tenant_id, scope, rules from limits
where id = any (array(select id from needed))
order by id for update
