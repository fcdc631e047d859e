-- One copy, locked for a change of it alone. No row: no such delivery for this tenant and mode.
select d.id, d.email_id, d.epoch, d.version, d.lane, d.mode, d.status, d.role, d.mailbox, d.address, d.recipient_key, d.due_at,
  d.due_at <= clock_now() as is_due, d.attempt, d.provider_id, d.possible_duplicate, d.paused, d.reason, d.hold_until is not null as held,
  d.resends > 0 as resent, iso_instant(coalesce(d.finished_at, d.armed_at, d.claimed_at, d.created_at)) as at,
  case when d.first_claimed_at is not null then greatest(0, extract(epoch from d.first_claimed_at - d.eligible_at)::float8 * 1000) end as late_ms,
  e.owner_id, e.job_id
from deliveries d join emails e on e.tenant_id = d.tenant_id and e.id = d.email_id
where d.tenant_id = $1 and d.id = $2 and d.mode = $3 for no key update of d
