-- Notes on emails that they are paused: from now on no gate lets a copy of them through. Every email given comes back.
update emails set status = 'paused', version = version + 1, updated_at = clock_now()
where tenant_id = $1 and id = any ($2::uuid[])
returning id, version
