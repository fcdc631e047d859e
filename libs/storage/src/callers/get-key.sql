-- A key that was not revoked. No row: there is none of that id.
select k.id, k.mode, k.name, k.scopes, k.hint, k.created_at, k.expires_at, k.last_used_at from api_keys k
where k.tenant_id = $1 and k.id = $2 and k.revoked_at is null
