-- The copies of emails, locked in the order of all statements. No row: no such emails for this tenant and mode.
select id, email_id, epoch, version, lane, mode, status, role, mailbox, address, recipient_key, due_at, due_at <= clock_now() as is_due, attempt, provider_id, possible_duplicate,
  paused, reason, hold_until is not null as held, resends > 0 as resent, iso_instant(coalesce(finished_at, armed_at, claimed_at, created_at)) as at,
  case when first_claimed_at is not null then greatest(0, extract(epoch from first_claimed_at - eligible_at)::float8 * 1000) end as late_ms
from deliveries where tenant_id = $1 and email_id = any ($2::uuid[]) and mode = $3 order by tenant_id, id for no key update
