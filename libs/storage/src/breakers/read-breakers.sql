-- The breakers of providers. A row that is missing never opened. `changed` names this state of it.
select provider_id, state, opened, coalesce(extract(epoch from open_until - clock_now()), 0)::float8 as left_seconds, changed_at::text as changed
from breakers where provider_id = any ($1::uuid[])
