-- What only campaigns have, beside their emails. A row that is missing does not exist for this tenant and mode.
select e.id, e.name, c.delay_seconds, c.hourly_limit, c.spread, c.weight, c.repeat, c.parent_id, c.expanding,
  c.recipients, c.merged, c.rejected, c.bad_time_zones,
  -- When the next one goes: not before it is due, nor before its line is looked at, nor before what that waits for. Nothing waits: at no time.
  coalesce(c.next_run_at, case when first.due_at is not null then greatest(l.next_at, first.due_at, held.until) when c.expanding then l.next_at end) as next_at
from unnest($3::uuid[]) as asked (id)
join emails e on e.tenant_id = $1 and e.id = asked.id and e.mode = $2 and e.kind = 'campaign'
join campaigns c on c.tenant_id = e.tenant_id and c.email_id = e.id
left join lines l on l.line = e.id::text and l.tenant_id = e.tenant_id
left join lateral (
  select due.due_at from due where due.line = e.id::text and due.tenant_id = e.tenant_id order by due.line, due.due_at limit 1) first on true
cross join lateral (
  select max((wait ->> 'until')::timestamptz) as until from json_array_elements(case when l.next_at > clock_now() then l.waits_for end) wait) held
