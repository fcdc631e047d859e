-- Takes a walk for one step. No row: another process has it, or it has come to its end. $1 tenant  $2 scope
select domains, until::text, line, due_at::text, delivery_id from limit_walks where tenant_id = $1 and scope = $2 for update skip locked
