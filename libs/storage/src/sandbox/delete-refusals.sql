-- Forgets what was refused, together with a whole inbox. No row: nothing was.
delete from sandbox_refusals where tenant_id = $1
