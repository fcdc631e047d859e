-- Limits of a tenant that are not the same for all copies of a line: of domains and contacts. No row: there are none. $1 tenant  $2 at most
select scope from limits
where tenant_id = $1 and scope not like 'campaign:%' and (scope = 'contact' or scope like 'domain:%')
order by scope limit $2
