-- What deliveries wait for, in the order asked. A row that is missing: no such delivery for this tenant and mode.
select d.id, d.email_id, d.status, d.provider_id, d.eligible_at, d.due_at, d.hold_until, d.paused or e.status = 'paused' as paused, d.reason,
  d.mode, d.lane, d.recipient_key, d.address, d.time_zone, e.from_mailbox, e.kind, e.windows, coalesce(c.delay_seconds, 0) as delay_seconds,
  c.hourly_limit, coalesce(c.spread, 'burst') as spread, extract(epoch from l.paced_at)::float8 * 1000 as paced_ms,
  coalesce(s.windows, '[]') as tenant_windows, coalesce(s.time_zone, 'UTC') as tenant_zone, coalesce(s.transactional_reserve, 0.2) as reserve,
  clock_now() as now
from unnest($3::uuid[]) with ordinality as asked (id, place)
join deliveries d on d.tenant_id = $1 and d.id = asked.id and d.mode = $2
join emails e on e.tenant_id = d.tenant_id and e.id = d.email_id
left join campaigns c on c.tenant_id = d.tenant_id and c.email_id = d.email_id
left join lines l on l.tenant_id = d.tenant_id and l.line = d.line
left join tenant_settings s on s.tenant_id = d.tenant_id
order by asked.place
