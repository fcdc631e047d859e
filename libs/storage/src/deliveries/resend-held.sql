-- Sends ambiguous deliveries once more whose hold is over, marked as possible duplicates. No row: none, or they were settled meanwhile.
-- What has expired meanwhile is not sent again: it is parked as `unknown`.
-- Of a cancelled email nothing is sent again: the end of its cancel calls it off.
-- What somebody is changing is left for the next pass: this never waits, so it can be part of no deadlock. $1 at most
with held as materialized (
  select d.tenant_id, d.id
  from claims c cross join unnest(c.tenants, c.deliveries, c.epochs) as m (tenant_id, delivery_id, epoch)
  cross join lateral (
    select d.tenant_id, d.id from deliveries d
    where d.tenant_id = m.tenant_id and d.id = m.delivery_id and d.epoch = m.epoch and d.status = 'sending' and d.hold_until < clock_now()
      and (d.expires_at is null or d.expires_at > clock_now())
      and not exists (select from emails e where e.tenant_id = d.tenant_id and e.id = d.email_id and e.tombstone_at is not null)
    limit 1 for no key update skip locked) d
  limit $1
),
again as (
  update deliveries d set status = 'scheduled', epoch = d.epoch + 1, version = d.version + 1, resends = d.resends + 1,
    possible_duplicate = true, hold_until = null, due_at = clock_now(), reason = null -- of a wait before
  from held
  where d.tenant_id = held.tenant_id and d.id = held.id and d.status = 'sending'
  returning d.*
),
requeued as (
  insert into due (line, due_at, id, tenant_id, mode) select line, due_at, id, tenant_id, mode from again where not paused -- else the resume does
)
select again.tenant_id, again.id, again.email_id, again.epoch, again.attempt, again.version, again.mode, again.address, again.provider_id,
  again.due_at, e.owner_id, e.job_id, greatest(0, extract(epoch from again.first_claimed_at - again.eligible_at)::float8 * 1000) as late_ms
from again cross join lateral (select e.owner_id, e.job_id from emails e where e.tenant_id = again.tenant_id and e.id = again.email_id limit 1) e
