-- What the unfinished copies of an email wait for, oldest first. No row: none is unfinished.
-- $1 tenant  $2 mode  $3 email  $4 beyond this id  $5 at most
select d.id, d.email_id, d.status, d.provider_id, d.eligible_at, d.due_at, d.hold_until, d.paused, d.reason, clock_now() as now
from deliveries d
where d.tenant_id = $1 and d.mode = $2 and d.email_id = $3 and d.status in ('scheduled', 'queued', 'sending')
  and ($4::uuid is null or d.id > $4::uuid)
order by d.id limit $5
