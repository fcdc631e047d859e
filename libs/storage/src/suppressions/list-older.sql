-- Older suppressions in force than $3, newest first. No row: nothing there.
select s.id, s.address, s.recipient_key, s.scope, s.source, s.reason, s.delivery_id, s.created_at
from suppressions s
where s.tenant_id = $1 and s.mode = $2 and coalesce(s.lifted_at, 'infinity') = 'infinity' and ($3::uuid is null or s.id < $3::uuid)
order by s.id desc limit $4
