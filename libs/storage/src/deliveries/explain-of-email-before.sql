-- What the unfinished copies of an email before one of them wait for, backwards. No row: none is unfinished.
-- $1 tenant  $2 mode  $3 email  $4 before this id  $5 at most
select d.id, d.email_id, d.status, d.provider_id, d.eligible_at, d.due_at, d.hold_until, d.paused or e.status = 'paused' as paused, d.reason,
  d.mode, d.lane, d.recipient_key, d.address, d.time_zone, e.from_mailbox, e.kind, e.windows, coalesce(c.delay_seconds, 0) as delay_seconds,
  c.hourly_limit, coalesce(c.spread, 'burst') as spread, extract(epoch from l.paced_at)::float8 * 1000 as paced_ms,
  coalesce(s.windows, '[]') as tenant_windows, coalesce(s.time_zone, 'UTC') as tenant_zone, coalesce(s.transactional_reserve, 0.2) as reserve,
  clock_now() as now
from deliveries d
join emails e on e.tenant_id = d.tenant_id and e.id = d.email_id
left join campaigns c on c.tenant_id = d.tenant_id and c.email_id = d.email_id
left join lines l on l.tenant_id = d.tenant_id and l.line = d.line
left join tenant_settings s on s.tenant_id = d.tenant_id
where d.tenant_id = $1 and d.mode = $2 and d.email_id = $3 and d.status in ('scheduled', 'queued', 'sending')
  and d.id < $4::uuid
order by d.id desc limit $5
