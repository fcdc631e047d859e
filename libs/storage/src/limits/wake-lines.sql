-- Lets lines be looked at now that wait; of all tenants where none is named. No row: none waits.
with waiting as (
  select line from lines where ($1::uuid is null or tenant_id = $1) and next_at > clock_now() and waits_for is not null
  order by line for update
)
update lines l set next_at = clock_now() from waiting where l.line = waiting.line
returning l.line, pg_notify('mailtide_due', '') as notified
