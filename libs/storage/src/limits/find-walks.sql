-- Changed limits whose deferred copies are looked for. No row: there is none. $1 at most
select tenant_id, scope from limit_walks order by tenant_id, scope limit $1
