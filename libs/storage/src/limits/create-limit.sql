-- Makes a limit. No row: the scope has one already.
insert into limits (tenant_id, id, scope, rules) values ($1, $2, $3, $4) on conflict do nothing
returning id, tenant_id, scope, rules, version, clock_now() as now
