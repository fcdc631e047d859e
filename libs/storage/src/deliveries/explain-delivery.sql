-- What a delivery waits for. No row: no such delivery for this tenant and mode.
select d.id, d.email_id, d.status, d.provider_id, d.eligible_at, d.due_at, d.hold_until, d.paused, d.reason, clock_now() as now
from deliveries d where d.tenant_id = $1 and d.mode = $2 and d.id = $3
