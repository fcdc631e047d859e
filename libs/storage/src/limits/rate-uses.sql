-- When how much the gate let through of limits under one key, oldest first. No row: nothing since.
-- $1 tenants  $2 limits, one for each  $3 key  $4 since when, of each
select u.limit_id, extract(epoch from u.at)::float8 * 1000 as at_ms, u.used
from unnest($1::uuid[], $2::uuid[], $4::timestamptz[]) as asked (tenant_id, limit_id, since)
join limit_rates u on u.tenant_id = asked.tenant_id and u.limit_id = asked.limit_id and u.key = $3 and u.at > asked.since
where u.used > 0
order by u.limit_id, u.at
