-- Takes the ending of a cancelled email's copies for one step. No row: another process has it, or all have ended.
select s.position, s.walked, s.told, e.mode, e.owner_id, e.version
from sweeps s join emails e on e.tenant_id = s.tenant_id and e.id = s.email_id
where s.tenant_id = $1 and s.email_id = $2 for no key update of s skip locked
