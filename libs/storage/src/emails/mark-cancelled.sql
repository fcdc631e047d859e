-- Notes on an email that it was cancelled: from now on no gate lets a copy of it through. Always one row.
update emails set tombstone_at = coalesce(tombstone_at, clock_now()), cancel_open = $3, version = version + 1, updated_at = clock_now()
where tenant_id = $1 and id = $2
returning version
