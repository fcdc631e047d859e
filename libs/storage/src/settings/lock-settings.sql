-- What a tenant has chosen for itself, locked for a change. Always one row.
select default_from, time_zone, windows, transactional_reserve, catch_up_share, version, updated_at
from tenant_settings where tenant_id = $1 for no key update
