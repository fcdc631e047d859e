-- Takes copies out of what is due that the caller holds locked. No row comes back.
delete from due d using deliveries c
where c.tenant_id = $1 and c.id = any ($2::uuid[]) and d.lane = c.lane and d.due_at = c.due_at and d.id = c.id
