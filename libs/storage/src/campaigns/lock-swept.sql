-- Copies of a cancelled email that are to be ended, locked in the order of all statements. A row that is missing is not open any more.
select id, email_id, epoch, version, lane, mode, status, role, mailbox, address, recipient_key, due_at, due_at <= clock_now() as is_due, attempt, provider_id, possible_duplicate,
  paused, reason, hold_until is not null as held, resends > 0 as resent, iso_instant(coalesce(finished_at, armed_at, claimed_at, created_at)) as at,
  case when first_claimed_at is not null then greatest(0, extract(epoch from first_claimed_at - eligible_at)::float8 * 1000) end as late_ms
from deliveries where tenant_id = $1 and id = any ($2::uuid[]) and (status in ('scheduled', 'queued') or status = 'sending' and hold_until is not null)
order by tenant_id, id for no key update
