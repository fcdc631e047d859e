-- Changes settings that the caller holds locked. Always one row.
update tenant_settings set default_from = $2, transactional_reserve = $3, time_zone = $4, windows = $5::json,
  version = version + 1, updated_at = clock_now() where tenant_id = $1
returning default_from, time_zone, windows, transactional_reserve, catch_up_share, version, updated_at
