-- The caller behind a key. No row: unknown, expired or revoked; nobody is told which.
select tenant_id, id, mode, scopes, tenant from find_key($1::bytea)
