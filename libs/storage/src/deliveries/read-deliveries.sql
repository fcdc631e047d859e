-- Deliveries with their attempts. A row that is missing does not exist for this tenant and mode.
select d.id, d.email_id, d.mailbox, d.address, d.status, d.lane, d.mode, d.attempt, d.epoch, d.version, d.possible_duplicate,
  d.eligible_at, d.due_at, d.armed_at, d.hold_until, d.finished_at, d.provider_id, d.reason, d.reply_code, d.reply_enhanced, d.reply_text,
  d.created_at, case when d.first_claimed_at is not null
    then greatest(0, extract(epoch from d.first_claimed_at - d.eligible_at)::float8 * 1000) end as late_ms,
  e.visibility, e.from_mailbox, e.job_id, tries.list as attempts
from unnest($3::uuid[]) as asked (id)
join deliveries d on d.tenant_id = $1 and d.id = asked.id and d.mode = $2
join emails e on e.tenant_id = d.tenant_id and e.id = d.email_id
cross join lateral (
  select coalesce(json_agg(json_build_object('attempt', a.attempt, 'epoch', a.epoch, 'provider_id', a.provider_id,
    'started_at', iso_instant(a.started_at), 'phase', a.phase, 'outcome', a.outcome, 'reply_code', a.reply_code, 'reply_enhanced', a.reply_enhanced,
    'reply_text', a.reply_text, 'error', a.error, 'connect_ms', a.connect_ms, 'envelope_ms', a.envelope_ms, 'arm_ms', a.arm_ms, 'reply_ms', a.reply_ms)
    order by a.epoch), '[]') as list
  from attempts a where a.tenant_id = d.tenant_id and a.delivery_id = d.id
) tries
