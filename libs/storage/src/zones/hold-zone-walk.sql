-- Takes the walk over a tenant's wishes for one step. No row: another process has it, or it is over.
select w.email_id, w.campaign_id, w.delivery_id, coalesce(s.time_zone, 'UTC') as time_zone, coalesce(s.windows, '[]') as windows
from zone_walks w left join tenant_settings s on s.tenant_id = w.tenant_id
where w.tenant_id = $1 and w.starts_at <= clock_now() for no key update of w skip locked
