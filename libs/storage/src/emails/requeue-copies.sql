-- Takes copies back to `scheduled` that the caller holds locked and has unqueued, under a new epoch, due at $3 (null: each as before).
-- Every id given comes back. A claim or a work order of the old epoch is worth nothing from now on.
-- What was claimed has waited, whatever for; only what waits still keeps its reason.
-- What was tried before goes on with the time that it has left for attempts; what never was has all of it, however long a pause lasts.
-- What is paused, or held because it was missed, stays out of what is due; a new time frees what was held.
-- $4: what it waits for until then, where that is not its time alone.
with moved as (
  update deliveries set status = 'scheduled', epoch = epoch + 1, version = version + 1,
    due_at = coalesce($3::timestamptz, due_at), eligible_at = coalesce($3::timestamptz, eligible_at),
    reason = case when $3::timestamptz is not null then $4::text when status = 'scheduled' then reason end,
    first_claimed_at = case when $3::timestamptz is null and attempt > 0 then first_claimed_at end, claimed_at = null, grant_until = null
  where tenant_id = $1 and id = any ($2::uuid[]) and status in ('scheduled', 'queued')
  returning tenant_id, id, epoch, version, line, mode, due_at, paused, reason
),
waiting as (
  select * from moved where not paused and reason is distinct from 'missed'
),
requeued as (
  insert into due (line, due_at, id, tenant_id, mode) select line, due_at, id, tenant_id, mode from waiting
)
select moved.id, epoch, version, due_at,
  (select pg_notify('mailtide_due', '') from waiting where due_at < clock_now() + interval '1 second' limit 1) as notified
from moved
