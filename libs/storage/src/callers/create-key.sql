-- A new key. No row: it would have expired before it began.
insert into api_keys (tenant_id, id, mode, name, scopes, hash, hint, expires_at)
select $1::uuid, $2::uuid, $3::text, $4::text, $5::text[], $6::bytea, $7::text, $8::timestamptz
 where $8::timestamptz is null or $8::timestamptz > clock_now()
returning id, mode, name, scopes, hint, created_at, expires_at, last_used_at
