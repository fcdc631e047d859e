-- Keeps a campaign and its email from being changed, in the order in which everybody locks them. No row: no such campaign of this
-- tenant and mode.
with held as materialized (
  select tenant_id, email_id, hourly_limit, delay_seconds from campaigns where tenant_id = $1 and email_id = $3 for no key update
)
select held.hourly_limit, held.delay_seconds from held join emails e on e.tenant_id = held.tenant_id and e.id = held.email_id
where e.mode = $2 and e.kind = 'campaign' for no key update of e
