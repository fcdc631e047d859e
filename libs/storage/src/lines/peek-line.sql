-- What is next in a line, locked until the transaction ends. A row that is missing is being changed by somebody. $1 tenant  $2 line  $3 at most
-- Deliveries are looked up one by one (lateral): left to itself the planner may read all of a tenant, once for each.
with head as materialized (
  select due.ctid::text as due_row, due.due_at, d.*
  from due cross join lateral (
    select d.tenant_id, d.id, d.email_id, d.address, d.recipient_key, d.time_zone, d.grace_seconds from deliveries d
    where d.tenant_id = due.tenant_id and d.id = due.id
      and d.status = 'scheduled' and (d.expires_at is null or d.expires_at > clock_statement())
    limit 1 for no key update skip locked) d
  where due.line = $2 and due.due_at <= clock_statement() and due.tenant_id = $1
  order by due.line, due.due_at limit $3 for no key update of due skip locked
)
select head.due_row, head.id, head.address, head.recipient_key, head.time_zone, head.grace_seconds, extract(epoch from head.due_at)::float8 * 1000 as due_ms,
  e.from_mailbox, e.id as email_id, e.windows
from head cross join lateral (
  select e.id, e.from_mailbox, e.windows from emails e where e.tenant_id = head.tenant_id and e.id = head.email_id limit 1) e
order by head.due_at
