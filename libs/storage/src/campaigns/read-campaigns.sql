-- What only campaigns have, beside their emails. A row that is missing does not exist for this tenant and mode.
select e.id, e.name, c.delay_seconds, c.hourly_limit, c.spread, c.weight, c.repeat, c.parent_id, c.expanding,
  c.recipients, c.merged, c.rejected, c.bad_time_zones, case when l.next_at = 'infinity' then null else coalesce(c.next_run_at, l.next_at) end as next_at
from unnest($3::uuid[]) as asked (id)
join emails e on e.tenant_id = $1 and e.id = asked.id and e.mode = $2 and e.kind = 'campaign'
join campaigns c on c.tenant_id = e.tenant_id and c.email_id = e.id
left join lines l on l.line = e.id::text and l.tenant_id = e.tenant_id
