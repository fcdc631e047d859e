-- Ends a key for good. No row: there is none of that id, or it was revoked before.
update api_keys set revoked_at = clock_now() where tenant_id = $1 and id = $2 and revoked_at is null returning id
