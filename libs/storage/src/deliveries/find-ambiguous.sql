-- Armed deliveries whose sender is gone, or which wait for their reply for more than 12 minutes. No row: none.
-- Armed rows are found through the claims that the reclaim keeps for them, and looked up one by one (lateral): left to
-- itself the planner walks all deliveries when claims look few.
-- $1 processes proven dead  $2 processes silent for too long  $3 at most
select d.tenant_id, d.id, d.epoch, d.attempt, d.email_id, d.mode, d.address, d.provider_id, d.resends, d.possible_duplicate, e.on_unknown, e.owner_id, e.job_id,
  greatest(0, extract(epoch from d.first_claimed_at - d.eligible_at)::float8 * 1000) as late_ms,
  extract(epoch from clock_now() - d.armed_at)::float8 * 1000 as armed_ms_ago,
  (d.armed_by = any ($1::uuid[])) as owner_is_dead
from claims c cross join unnest(c.tenants, c.deliveries, c.epochs) as m (tenant_id, delivery_id, epoch)
cross join lateral (
  select * from deliveries d
  where d.tenant_id = m.tenant_id and d.id = m.delivery_id and d.epoch = m.epoch and d.status = 'sending' and d.hold_until is null
    and (d.armed_by = any ($1::uuid[]) or d.armed_by = any ($2::uuid[]) or d.armed_at < clock_now() - interval '12 minutes')
  limit 1) d
cross join lateral (select e.on_unknown, e.owner_id, e.job_id from emails e where e.tenant_id = d.tenant_id and e.id = d.email_id limit 1) e
limit $3
