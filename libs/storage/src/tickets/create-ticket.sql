-- A ticket of a key that is good now, or of a caller without one; answers until when it is good. No row: the key has ended meanwhile.
insert into realtime_tickets (hash, tenant_id, mode, key_id, scopes, topics, expires_at)
select $1::bytea, $2::uuid, $3::text, $4::uuid, $5::text[], $6::text[], clock_now() + $7::int * interval '1 second'
 where $4::uuid is null or exists (
   select from api_keys k where k.tenant_id = $2 and k.id = $4 and k.revoked_at is null and (k.expires_at is null or k.expires_at > clock_now())
 )
returning expires_at
