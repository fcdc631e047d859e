-- Older limits than $3 that bind a tenant, newest first: its own, and those of all ($2). What is only the delay of a
-- campaign is left out, and so are campaigns of the other mode ($5). No row: nothing there.
select l.id, l.tenant_id, l.scope, l.rules, l.version, clock_now() as now from limits l
where l.tenant_id in ($1, $2) and ($3::uuid is null or l.id < $3::uuid)
  and exists (select from json_array_elements(l.rules) rule where rule ->> 'mode' <> 'delay')
  and (l.scope not like 'campaign:%' or exists (
    select from emails e where e.tenant_id = $1 and e.id = substr(l.scope, 10)::uuid and e.kind = 'campaign' and e.mode = $5))
order by l.id desc limit $4
