-- Gives the job of an email with an audience, which the caller holds, the owner of that. No row comes back.
update jobs j set owner_id = e.owner_id, version = j.version + 1
from emails e
where j.tenant_id = $1 and j.id = $2 and e.tenant_id = j.tenant_id and e.id = j.id and j.owner_id is distinct from e.owner_id
