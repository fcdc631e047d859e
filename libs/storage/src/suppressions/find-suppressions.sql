-- The suppressions in force of addresses. No row: nothing is in their way.
select s.id, s.address, s.recipient_key, s.scope, s.source, s.reason, s.delivery_id, s.created_at
from unnest($3::text[]) as asked (recipient_key)
join suppressions s on s.tenant_id = $1 and s.mode = $2 and s.recipient_key = asked.recipient_key and s.lifted_at is null
order by s.id
