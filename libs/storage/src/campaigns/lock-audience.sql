-- Emails with an audience, locked; their copies are not. A row that is missing: no such email for this tenant and mode.
select e.id, e.kind, e.mode, e.status, e.version, e.owner_id, e.scheduled_at, e.updated_at, e.tombstone_at is not null as is_cancelled,
  e.scheduled_at > clock_now() as is_ahead, c.expanding, c.next_run_at is not null as is_repeating
from emails e join campaigns c on c.tenant_id = e.tenant_id and c.email_id = e.id
where e.tenant_id = $1 and e.mode = $2 and e.id = $3 and e.kind <> 'single'
for no key update of e
