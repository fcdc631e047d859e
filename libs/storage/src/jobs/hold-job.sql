-- Keeps others from changing a job until the transaction ends; waits for whoever does. No row: it does not exist.
select id from jobs where tenant_id = $1 and id = $2 for no key update
