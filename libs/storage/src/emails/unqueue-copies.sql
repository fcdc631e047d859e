-- Takes copies out of what is due that the caller holds locked. No row comes back.
-- By tuple id, which no row of `due` ever changes: a join is planned as a walk over all that is due when that was empty lately.
delete from due where ctid = any (array(
  select q.row from deliveries c
  cross join lateral (select d.ctid as row from due d where d.line = c.line and d.due_at = c.due_at and d.id = c.id limit 1) q
  where c.tenant_id = $1 and c.id = any ($2::uuid[])))
