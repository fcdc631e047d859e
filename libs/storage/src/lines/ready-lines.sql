-- The lines of a lane that are to be looked at next, and in how many ms. No row: none waits.
-- $1 lane  $2 at most  $3 tenants that are passed over
select tenant_id, greatest(0, extract(epoch from next_at - clock_statement())::float8 * 1000) as wait_ms
from lines where lane = $1 and not paused and tenant_id <> all ($3::uuid[]) order by lane, next_at limit $2
