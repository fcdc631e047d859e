-- Notes on emails whose copies the caller holds locked that they are wanted at $3, whatever was wished before. Every email given comes back.
update emails set scheduled_at = $3, wish = null, version = version + 1, updated_at = clock_now()
where tenant_id = $1 and id = any ($2::uuid[])
returning id, version
