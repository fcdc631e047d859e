-- Notes on emails that they were cancelled: from now on no gate lets a copy of them through, and no pause holds them any more.
-- Every email given comes back.
update emails e set tombstone_at = coalesce(e.tombstone_at, clock_now()), cancel_open = marked.cancel_open,
  status = case when e.status = 'paused' then 'scheduled' else e.status end, version = e.version + 1, updated_at = clock_now()
from unnest($2::uuid[], $3::boolean[]) as marked (id, cancel_open)
where e.tenant_id = $1 and e.id = marked.id
returning e.id, e.version
