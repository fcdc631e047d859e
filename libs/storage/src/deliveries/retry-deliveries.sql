-- Opens ended deliveries again that the caller holds locked and has judged: due now or when their windows open, under a new epoch, with a new
-- budget for retries; attempts are numbered on. Every id given comes back. What is paused stays out of what is due until its resume.
-- What may have arrived is marked, and stays so: it never ends as cancelled, and is not repeated once more by itself.
-- $1 tenant  $2 copies  $3 when the windows of each open; null: they are open
with clock as materialized (select clock_now() as now),
opened as (
  update deliveries d set status = 'scheduled', epoch = d.epoch + 1, version = d.version + 1, due_at = coalesce(asked.opens_at, clock.now),
    eligible_at = coalesce(asked.opens_at, clock.now), reason = case when asked.opens_at is not null then 'window' end,
    first_claimed_at = null, claimed_at = null, grant_until = null, hold_until = null, finished_at = null, lost_claims = 0,
    possible_duplicate = d.possible_duplicate or d.status = 'unknown',
    resends = case when d.status = 'unknown' then greatest(d.resends, 1) else d.resends end
  from clock, unnest($2::uuid[], $3::timestamptz[]) as asked (id, opens_at)
  where d.tenant_id = $1 and d.id = asked.id and d.status in ('failed', 'expired', 'unknown')
  returning d.tenant_id, d.id, d.epoch, d.version, d.line, d.mode, d.due_at, d.paused, d.possible_duplicate
),
requeued as (
  insert into due (line, due_at, id, tenant_id, mode) select line, due_at, id, tenant_id, mode from opened where not paused
)
select id, epoch, version, due_at, possible_duplicate,
  (select pg_notify('mailtide_due', '') from opened where not paused limit 1) as notified
from opened
