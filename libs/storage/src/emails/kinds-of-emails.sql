-- The kinds of emails. A row that is missing: no such email for this tenant and mode.
select id, kind from emails where tenant_id = $1 and id = any ($2::uuid[]) and mode = $3
