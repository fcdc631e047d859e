-- The next copies of a campaign that wait, and are not suppressed, in their order. No row: none waits. $1 tenant  $2 line  $3 mode  $4 at most
select d.address, extract(epoch from due.due_at)::float8 * 1000 as due_ms
from due join deliveries d on d.tenant_id = due.tenant_id and d.id = due.id
where due.line = $2 and due.tenant_id = $1
  and not exists (select from suppressions s where s.tenant_id = $1 and s.mode = $3 and s.recipient_key = d.recipient_key and s.lifted_at is null)
order by due.line, due.due_at, due.id limit $4
