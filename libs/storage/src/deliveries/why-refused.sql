-- What the gate had against deliveries that are still ours. A row that is missing was cancelled, edited or reclaimed.
select d.id, d.epoch, coalesce(s.is_suppressed, false) as is_suppressed,
  d.grant_until > clock_now() and (d.expires_at is null or d.expires_at > clock_now())
    and e.tombstone_at is null and e.status not in ('paused', 'cancelled') and e.content_version = asked.content_version as is_open
from unnest($1::uuid[], $2::uuid[], $3::int[], $4::int[]) as asked (tenant_id, id, epoch, content_version)
join deliveries d on d.tenant_id = asked.tenant_id and d.id = asked.id and d.epoch = asked.epoch and d.status = 'queued'
join emails e on e.tenant_id = d.tenant_id and e.id = d.email_id
left join lateral (
  select true as is_suppressed from suppressions s
  where s.tenant_id = d.tenant_id and s.mode = d.mode and s.recipient_key = d.recipient_key and s.lifted_at is null
    and (s.scope = 'all' or d.lane = 'bulk')
  limit 1) s on true
