-- A suppression in force by its id. No row: there is none.
select s.id, s.address, s.recipient_key, s.scope, s.source, s.reason, s.delivery_id, s.created_at
from suppressions s where s.tenant_id = $1 and s.mode = $2 and s.id = $3 and s.lifted_at is null
