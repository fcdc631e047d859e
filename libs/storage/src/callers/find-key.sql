-- The caller behind a key. No row: unknown, expired or revoked; nobody is told which.
select k.tenant_id, k.id, k.mode, k.scopes, t.name as tenant from api_keys k join tenants t on t.id = k.tenant_id
where k.hash = $1::bytea and k.revoked_at is null and (k.expires_at is null or k.expires_at > clock_now())
