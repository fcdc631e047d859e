-- Notes on paused emails that they go on. Every email given comes back.
update emails set status = case when kind = 'single' then 'scheduled' else 'running' end, version = version + 1, updated_at = clock_now()
where tenant_id = $1 and id = any ($2::uuid[]) and status = 'paused'
returning id, version
