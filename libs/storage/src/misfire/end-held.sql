-- Parks ambiguous deliveries whose hold is over and whose email has expired: they are not sent again, and nobody knows. No row: none.
-- What somebody is changing is left for the next pass: this never waits, so it can be part of no deadlock. $1 at most
with held as materialized (
  select d.*, e.owner_id, e.job_id
  from claims c cross join unnest(c.tenants, c.deliveries, c.epochs) as m (tenant_id, delivery_id, epoch)
  cross join lateral (
    select d.* from deliveries d
    where d.tenant_id = m.tenant_id and d.id = m.delivery_id and d.epoch = m.epoch and d.status = 'sending' and d.hold_until < clock_now()
      and d.expires_at <= clock_now()
    limit 1 for no key update skip locked) d
  cross join lateral (select e.owner_id, e.job_id from emails e where e.tenant_id = d.tenant_id and e.id = d.email_id limit 1) e
  limit $1
),
ended as (
  update deliveries d set status = 'unknown', version = d.version + 1, reason = 'ambiguous', hold_until = null, finished_at = clock_now()
  from held where d.tenant_id = held.tenant_id and d.id = held.id and d.status = 'sending'
  returning d.tenant_id, d.id, d.status, d.epoch, d.version, d.reason, held.status as "from", held.mode, held.email_id, held.owner_id, held.job_id,
    held.address, held.attempt, held.provider_id, held.possible_duplicate,
    case when held.first_claimed_at is not null then greatest(0, extract(epoch from held.first_claimed_at - held.eligible_at)::float8 * 1000) end as late_ms
)
select * from ended
