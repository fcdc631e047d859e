-- The email whose copies are being made, kept from being changed until they are. Always one row.
select mode, tombstone_at is not null as is_cancelled, scheduled_at, wish, windows, extract(epoch from clock_now())::float8 * 1000 as now_ms
from emails where tenant_id = $1 and id = $2 for share
