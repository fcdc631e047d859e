-- A key, made if it is missing; one that was revoked stays so. No row: it was there.
insert into api_keys (tenant_id, id, mode, name, scopes, hash, hint) values ($1, $2, $3, $4, $5::text[], $6::bytea, $7)
on conflict (hash) do nothing returning id
