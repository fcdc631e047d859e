-- Keys older than $2, newest first, that were not revoked. No row: nothing there.
-- $1 tenant  $2 beyond this id  $3 at most
select k.id, k.mode, k.name, k.scopes, k.hint, k.created_at, k.expires_at, k.last_used_at from api_keys k
where k.tenant_id = $1 and k.revoked_at is null and ($2::uuid is null or k.id < $2::uuid)
order by k.id desc limit $3
