-- When lines that the caller holds are to be looked at next, and why not sooner. A line with nothing due is looked at when something
-- is. No row comes back.
-- $1 lines  $2 next, in ms  $3 paced until, in ms  $4 what for, json  $5 share  $6 whether nothing is due  $7 tenant
with noted as materialized (
  select $7::uuid as tenant_id, noted.* from unnest($1::text[], $2::float8[], $3::float8[], $4::text[], $5::float8[], $6::boolean[]) as noted (line, next_ms, paced_ms, waits_for, share, is_dry)
)
update lines l set
  next_at = case when noted.is_dry
    then greatest(clock_now(), least(to_timestamp(noted.next_ms / 1000), (select min(due.due_at) from due where due.line = noted.line)))
    else to_timestamp(noted.next_ms / 1000) end,
  paced_at = to_timestamp(noted.paced_ms / 1000), waits_for = noted.waits_for::json, share = noted.share
from noted where l.line = noted.line and l.tenant_id = noted.tenant_id
