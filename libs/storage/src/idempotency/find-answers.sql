-- Stored answers by their keys. A row that is missing was never stored.
select k.tenant_id, k.mode, k.route, k.key, k.fingerprint, k.status, k.headers, k.body
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) as asked (tenant_id, mode, route, key)
join idempotency_keys k on k.tenant_id = asked.tenant_id and k.mode = asked.mode and k.route = asked.route and k.key = asked.key
