-- When how much was granted of limits, oldest first. No row: nothing since.
-- $1 tenants  $2 limits  $3 keys  $4 since when, in ms, of each
select asked.place::int - 1 as place, extract(epoch from u.at)::float8 * 1000 as at_ms, u.used
from unnest($1::uuid[], $2::uuid[], $3::text[], $4::float8[]) with ordinality as asked (tenant_id, limit_id, key, since_ms, place)
cross join lateral (
  select u.at, u.used from limit_usage u
  where u.tenant_id = asked.tenant_id and u.limit_id = asked.limit_id and u.key = asked.key and u.at > to_timestamp(asked.since_ms / 1000)
  order by u.at) u
where u.used > 0
