-- Gives a campaign that the caller holds another hourly limit: a change of what is wished. No row: it is that already.
with changed as (
  update campaigns set hourly_limit = $3 where tenant_id = $1 and email_id = $2 and hourly_limit is distinct from $3::int
  returning tenant_id, email_id
)
update emails e set version = e.version + 1, updated_at = clock_now() from changed where e.tenant_id = changed.tenant_id and e.id = changed.email_id
returning e.id
