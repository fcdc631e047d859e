-- Notes on emails that the caller holds locked when they are wanted by the clocks as they go now. Every email given comes back.
-- $1 tenant  $2 emails  $3 when
update emails e set scheduled_at = anew.scheduled_at, version = e.version + 1, updated_at = clock_now()
from unnest($2::uuid[], $3::timestamptz[]) as anew (id, scheduled_at)
where e.tenant_id = $1 and e.id = anew.id
returning e.id, e.version
